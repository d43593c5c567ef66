import type { Test } from 'tap'
import { openMailServer } from '../destinations/mail-server.ts'
import type { TestApp } from '../helper.ts'

/** Routes about destinations that write, and are no act of an operator; each with what is said of them. */
export const noDestinationAct: Record<string, string> = { 'POST /settings/destinations/test': 'tries what is not saved', 'POST /unsubscribe/:token': 'is done by a person who is no operator; the list itself is the record' }

/** Every act on destinations, each of which leaves one entry. Answers the routes that were used. */
export async function destinationActs(t: Test, { db, as }: TestApp): Promise<string[]> {
  const done: string[] = []
  const left = async (route: string, url: string, form: Record<string, string>, title: string, changes?: unknown[]) => {
    const before = await db.selectFrom('history_entries').select((eb) => eb.fn.max('id').as('id')).executeTakeFirst()
    const answer = await as({ method: 'POST', url, form })
    t.ok(answer.statusCode < 400, `${route} answers ${answer.statusCode}`)
    const entries = await db.selectFrom('history_entries').selectAll().where('id', '>', before?.id ?? '0').execute()
    t.match(entries, [{ kind: 'settings', title, operator_id: 1, operator_name: 'Lin Yating' }], `${route} leaves an entry`)
    t.equal(entries.length, 1)
    const items = await db.selectFrom('history_items').selectAll().where('entry_id', '=', entries[0]?.id ?? '0').orderBy('item').execute()
    if (changes) t.same(items.map((item) => [item.column_name, item.old_value, item.new_value]), changes)
    done.push(`POST ${route}`)
  }
  const { port } = await openMailServer(t)
  const form = { kind: 'email', name: 'Newsletter', from: 'news@shop.example', perMinute: '600', ownServer: 'on', host: '127.0.0.1', port: String(port), security: 'none' }
  await left('/settings/destinations', '/settings/destinations', form, 'Destination Newsletter (E-mail) added')
  const { id } = await db.selectFrom('destinations').select('id').executeTakeFirstOrThrow()
  const path = `/settings/destinations/${id}`
  const seen = async () => /name="seen" value="([^"]*)"/.exec((await as({ url: path })).body)?.[1] ?? ''
  await left('/settings/destinations/:id', path, { ...form, perMinute: '60', role: '2', seen: await seen() }, 'Destination Newsletter changed', [['mails in a minute', 600, 60], ['may be used by', [], [(await db.selectFrom('roles').select('name').where('id', '=', 2).executeTakeFirstOrThrow()).name]]])
  await left('/settings/destinations/:id/test', `${path}/test`, { ...form, perMinute: '60', role: '2', seen: await seen() }, 'Connection of the destination Newsletter tested', [['result', null, 'works']])
  await left('/settings/destinations/:id/test-mail', `${path}/test-mail`, { subject: 'x', text: 'y' }, 'Test mail of the destination Newsletter sent', [])
  await left('/settings/destinations/addresses', '/settings/destinations/addresses', { addresses: 'ann@example.com', change: 'unsubscribe' }, '1 e-mail address unsubscribed', [])
  await left('/settings/destinations/:id/deletion', `${path}/deletion`, {}, 'Destination Newsletter deleted')
  return done
}
