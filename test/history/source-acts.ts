import type { Test } from 'tap'
import { bearerOf } from '../api/bearer.ts'
import { openOther } from '../connections/other.ts'
import type { TestApp } from '../helper.ts'

/** Every act on connections and on sources that come by themselves, each of which leaves one entry. Answers the routes that were used. */
export async function sourceActs(t: Test, world: TestApp): Promise<string[]> {
  const { db, as, runJobs } = world
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

  await other.pool.query(`create table stores (no int primary key, town text); insert into stores values (1, 'Ulm'); grant select on stores to public`)
  const sample = String((await as({ method: 'POST', url: `/settings/sources/from/${connection.split('/').pop()}`, form: { schema: 'public', table: 'stores' } })).headers.location)
  const names = /name="names" value="([^"]*)"/.exec((await as({ url: sample })).body)?.[1] ?? ''
  await as({ method: 'POST', url: `${sample}/import`, form: { names, alias: 'Stores' } })
  await runJobs()
  const { source_id: id } = await db.selectFrom('source_origins').select('source_id').executeTakeFirstOrThrow()
  const source = `/settings/sources/${id}`
  await by('POST /settings/sources/:id/schedule', `${source}/schedule`, { reading: 'whole', every: 'hour', minute: '5' }, { kind: 'settings', title: 'How and when Stores is imported changed', source_id: id })
  await by('POST /settings/sources/:id/runs', `${source}/runs`, {}, { kind: 'import', title: 'Import of public.stores into Stores ordered, removing rows that are gone there', source_id: id })
  await runJobs()
  const { id: token, send } = await bearerOf(world, 1)
  t.equal((await send({ method: 'POST', url: `/api/v1/sources/${id}/runs` })).statusCode, 202)
  t.match(await db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst(), { kind: 'import', title: 'Import of public.stores into Stores ordered, removing rows that are gone there', token_id: token })
  done.push('POST /api/v1/sources/:id/runs')
  await runJobs()
  await as({ method: 'POST', url: `${source}/removal`, form: { alias: 'Stores' } })
  await runJobs()
  await by('POST /settings/connections/:id/removal', `${connection}/removal`, {}, { kind: 'settings', title: 'Connection Customers removed' })
  return done
}
