import type { Test } from 'tap'
import { openOther } from '../connections/other.ts'
import type { TestApp } from '../helper.ts'

/** Every act on connections and on sources that come by themselves, each of which leaves one entry. Answers the routes that were used. */
export async function sourceActs(t: Test, { db, as }: TestApp): Promise<string[]> {
  const done: string[] = []
  const other = await openOther(t)
  const by = async (route: string, url: string, form: Record<string, string>, entry: object) => {
    const answer = await as({ method: 'POST', url, form })
    t.equal(answer.statusCode, 303, `${route} answers ${answer.statusCode}`)
    t.match(await db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow(), { operator_id: 1, operator_name: 'Lin Yating', ...entry }, `${route} leaves an entry`)
    done.push(route)
    return String(answer.headers.location)
  }
  const connection = await by('POST /settings/connections', '/settings/connections', other.form, { kind: 'settings', title: 'Connection CRM added' })
  await by('POST /settings/connections/:id', connection, { ...other.form, password: '', name: 'Customers' }, { kind: 'settings', title: 'Connection Customers changed' })
  await by('POST /settings/connections/:id/removal', `${connection}/removal`, {}, { kind: 'settings', title: 'Connection Customers removed' })
  return done
}
