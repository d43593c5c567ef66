import t from 'tap'
import { narrow } from '../users/world.ts'
import { openWorld } from './acts.ts'

const rowsOf = (body: string) => [...body.matchAll(/<tr>\s*<td>[^]*?<\/tr>/g)].map((match) => match[0].replaceAll(/<span class="visually-hidden">[^<]*<\/span>|<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ').trim())

t.test('the history of a user', async (t) => {
  const world = await openWorld(t)
  const { act, get, undo } = world

  t.test('is empty at first', async (t) => {
    const { body } = await get('/users/1?side=history')
    t.match(body, 'Nobody has edited or tagged this user.')
    t.notMatch(body, 'id="user-tags"')
  })

  t.test('has one line for each act, newest first, with what it changed and until when', async (t) => {
    await act(['1'], { city: { mode: 'set', value: '宁波市' }, member_level: { mode: 'set', value: null } })
    await act(['1', '2'], { '1.likes': { mode: 'add', value: ['golf'] } }, { kind: 'batch', title: 'Batch tag', policy: 'until_import', always: true })
    await act(['1'], { '1.value': { mode: 'set', value: '1234567.5' } })
    await act(['1'], { '1.updated': { mode: 'set', value: '2026-02-03T04:05:00+08:00' } })
    const back = await act(['1'], { city: { mode: 'return' } }, { kind: 'return', title: 'Return to source' })
    await act(['2'], { city: { mode: 'set', value: 'Paris' } })
    await undo(back)
    const { body } = await get('/users/1?side=history')
    const when = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d Lin Yating'
    const rows = rowsOf(body)
    const expected = [
      `${when} Undo, City 杭州市 → 宁波市`, `${when} Return to source, City taken back 宁波市 → 杭州市 From the source`, `${when} Edit Updated 2026-01-05 10:00 → 2026-02-03 04:05 Keep Undo`, `${when} Edit Lifetime value 12,480 → 1,234,567.5 Keep Undo`,
      `${when} Batch tag Likes, 2 users tea, hiking → tea, hiking, golf Until next import Undo`, `${when} Edit City, Member level City: 杭州市 → 宁波市 Keep Member level: Gold → – Keep Undo`
    ]
    t.equal(rows.length, expected.length)
    for (const [index, pattern] of expected.entries()) t.match(rows[index], new RegExp(`^${pattern}$`))
    t.notMatch(body, 'Paris')
    t.match(body, /<a href="\/history\/\d+\/undo">Undo/, 'a batch asks first')
    t.match(body, /<form method="post" action="\/history\/\d+\/undo">/)
  })

  t.test('goes on a page at a time, also over acts of the same moment', async (t) => {
    for (let n = 0; n < 45; n++) await act(['4'], { city: { mode: 'set', value: `Town ${n}` } })
    await world.pool.query(`update history_entries set at = '2026-03-01 10:00:00.123456+08' where id in (select entry_id from overrides where row_number = 4) and id % 7 <> 0`)
    const seen: string[] = []
    let href: string | undefined = '/users/4?side=history'
    for (let page = 0; href && page < 9; page++) {
      const { body } = await world.as({ url: href, headers: page ? { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'tr#history-more' } : {} })
      t.equal(body.includes('<!doctype html>'), page === 0, 'More is answered by rows alone')
      seen.push(...rowsOf(body).map((row) => /→ (Town \d+)/.exec(row)![1]!))
      href = /id="history-more"[^]*?href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    t.equal(seen.length, 45)
    t.equal(new Set(seen).size, 45)
    t.equal((await get('/users/4?side=history&before=nonsense')).statusCode, 422)
    const whole = await get(`/users/4?side=history&before=${Buffer.from('["2020-01-01 00:00:00+00","1"]').toString('base64url')}`)
    t.match(whole.body, 'Nothing comes after this.')
  })

  t.test('follows row numbers to whoever holds them now', async (t) => {
    // User 2 holds the row 6 of the mini-program as well: a decision under it is theirs.
    const { id } = await world.db.insertInto('history_entries').values({ kind: 'edit', title: 'Edit of a user', operator_name: 'Zhao Min', operator_id: null, source_id: null, run_id: null, job_id: null, users_affected: '1', undone_by: null, undoes: null, fields: ['attribute:city'] }).returning('id').executeTakeFirstOrThrow()
    await world.pool.query(`insert into overrides (row_number, attribute_id, type, value, policy, entry_id) select 6, id, 'text', '"Rome"', 'keep', $1 from attributes where code = 'city'`, [id])
    t.match((await get('/users/2?side=history')).body, 'Rome')
    t.notMatch((await get('/users/1?side=history')).body, 'Rome')
  })
})

t.test('the history of a user as operators see it who see less', async (t) => {
  const world = await openWorld(t)
  const { act, get, columns } = world
  await act(['1'], { '1.likes': { mode: 'add', value: ['golf'] } }, { kind: 'tag', title: 'Tag Likes', always: true })
  await act(['1'], { city: { mode: 'set', value: '宁波市' }, member_level: { mode: 'set', value: 'Diamond' } })
  t.test('a hidden tag and its values are nowhere, nor is the undo of an act that is partly hidden', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[columns['1.likes']!, 'hidden']]) } }, { city: 'hidden' })
    const { body } = await get('/users/1?side=history')
    for (const secret of ['Likes', 'golf', 'hiking', '宁波市', '杭州市', 'City']) t.notMatch(body, secret, secret)
    t.match(rowsOf(body).join(), /Edit Member level Gold → Diamond Keep$/)
  })
  t.test('a masked one says only that it changed', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[columns['1.likes']!, 'masked']]) } }, { city: 'masked' })
    const { body } = await get('/users/1?side=history')
    for (const secret of ['golf', 'hiking', '宁波市']) t.notMatch(body, secret, secret)
    t.same(rowsOf(body).map((row) => row.replace(/^.*Yating /, '')), ['Edit City, Member level City: *** → *** Keep Member level: Gold → Diamond Keep', 'Tag Likes *** → *** Keep'])
  })
})
