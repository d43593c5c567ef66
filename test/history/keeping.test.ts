import t from 'tap'
import { housekeeping } from '../../src/imports/housekeeping.ts'
import { openWorld } from './acts.ts'

t.test('how long the history is kept', async (t) => {
  const world = await openWorld(t)
  const { act, get, shows } = world
  const old = await act(['1'], { city: { mode: 'set', value: '宁波市' } })
  const undone = await act(['2'], { city: { mode: 'set', value: 'Paris' } })
  await world.undo(undone)
  const recent = await act(['4'], { city: { mode: 'set', value: 'Rome' } })
  await world.pool.query(`update history_entries set at = now() - interval '40 days' where id < $1`, [recent])
  await world.pool.query(`insert into history_entries (at, kind, title) select now() - interval '31 days', 'settings', 'Setting' from generate_series(1, 2500)`)
  await world.pool.query(`insert into history_items (entry_id, item, table_name, column_name) select $1, n, 'settings', 'x' from generate_series(1, 12000) n`, [old])
  const choose = (days: string, confirmed = '') => world.as({ method: 'POST', url: '/settings/history/keeping', form: { days, confirmed } })
  const count = world.entries

  t.test('is for ever until somebody says otherwise', async (t) => {
    t.match((await get('/settings/history')).body, 'Kept for ever')
    const before = await count()
    await housekeeping(world.db, world.dataDir)
    t.equal(await count(), before)
  })

  t.test('a shorter time is confirmed first, knowing what goes', async (t) => {
    const before = await count()
    const asked = await choose('30')
    t.equal(asked.statusCode, 200)
    t.match(asked.body, /2,5\d\d entries are older than 30 days and go within the hour, for good/)
    t.match((await get('/settings/history')).body, 'Kept for ever')
    t.equal((await choose('30', '90')).statusCode, 200, 'something else was confirmed')
    for (const days of ['x', '31', '-1', '30.0']) t.equal((await choose(days)).statusCode, 422, days)
    t.equal(await count(), before)
    t.equal((await choose('30', '30')).statusCode, 303)
    t.match((await get('/settings/history')).body, 'Kept for 30 days')
    const { rows: [entry] } = await world.pool.query(`select title, operator_name, old_value, new_value from history_entries e join history_items i on i.entry_id = e.id order by e.id desc limit 1`)
    t.match(entry, { title: 'Changed how long the history is kept', operator_name: 'Lin Yating', old_value: 'For ever', new_value: '30 days' })
  })

  t.test('older entries go, their decisions stay', async (t) => {
    await housekeeping(world.db, world.dataDir)
    const { rows } = await world.pool.query('select min(at) > now() - interval \'30 days\' as young, count(*)::int as n from history_entries')
    t.same(rows, [{ young: true, n: await count() }])
    t.equal((await world.pool.query('select count(*)::int as n from history_items where entry_id = $1', [old])).rows[0].n, 0)
    t.equal(await shows('1', 'city'), '宁波市')
    t.equal(await shows('2', 'city'), 'Berlin', 'what was taken back stays so')
    t.equal((await world.undo(old)).statusCode, 404)
    t.match((await get('/users/1?side=history')).body, 'Nobody has edited or tagged this user.')
    await act(['1'], { city: { mode: 'return' } }, { kind: 'return', title: 'Return to source' })
    t.equal(await shows('1', 'city'), '杭州市')
    t.match((await get('/users/4?side=history')).body, 'Rome')
  })

  t.test('a longer one needs no confirmation', async (t) => {
    t.equal((await choose('365')).statusCode, 303)
    t.equal((await choose('')).statusCode, 303)
    t.match((await get('/settings/history/keeping')).body, 'Kept for ever')
  })
})
