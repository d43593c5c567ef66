import t from 'tap'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { usersOn, where } from '../users/world.ts'
import { lookUpsAnHour } from '../../src/users/look-up.ts'
import { makeSecrets, maskedMobiles, narrowRole } from './secret-world.ts'

t.test('who sees an ID masked finds its exact whole value in the ID box: counted, recorded, limited', async (t) => {
  const world = await build(t)
  const secrets = await makeSecrets(world)
  const { id: operatorId, as } = await signInWith(world, await makeRole(world, narrowRole(secrets, ['user_360.view', 'user_360.batch_tag', 'user_360.tag'])))
  const found = async (query: string) => usersOn(await as({ url: `/users?${query}` }))
  const recorded = async () => (await world.db.selectFrom('history_entries').select(['title', 'operator_id']).where('kind', '=', 'look_up').orderBy('id').execute())
  const whole = maskedMobiles[0]!

  t.same(await found(`id=${whole}`), ['1'])
  t.same(await found(`id=%2B86${whole}`), ['1'], 'written as people write it')
  t.same(await recorded(), [1, 2].map(() => ({ title: 'Looked for 1 ID where IDs are masked', operator_id: operatorId })))
  await found(`id=${whole}`)
  t.match((await as({ url: `/users/count?id=${whole}` })).body, '1 user')
  t.equal((await recorded()).length, 2, 'the same value within the hour is one look-up')
  t.notMatch(JSON.stringify(await world.db.selectFrom('look_ups').selectAll().execute()), whole, 'the value itself is not kept')

  t.same(await found(`id=${whole.slice(0, 8)}`), [], 'a part of it finds nothing')
  t.same(await found(where(['id:MOBILE', 'is', whole])), [], 'nor does a filter on the ID type')
  for (const operator of ['contains', 'starts']) t.same(await found(where(['id', operator, whole.slice(0, 8)])), [], operator)
  t.notMatch((await as({ url: `/users?id=${whole}` })).body.replaceAll(`value="${whole}"`, '').replaceAll(new RegExp(`id(=|%3D|%253D)${whole}`, 'g'), ''), whole, 'what is found is shown masked')

  const choice = await as({ method: 'POST', url: '/users/selections', form: { all: 'query', in: `id=${whole}` } })
  t.match((await as({ url: String(choice.headers.location) })).body, '1 user', 'a batch for the query has the same user')

  const before = (await recorded()).length
  const many = Array.from({ length: lookUpsAnHour }, (_, n) => `1370000${String(n).padStart(4, '0')}`)
  await Promise.all(many.slice(0, 100).map((value) => as({ url: `/users?id=${value}` })))
  t.ok((await recorded()).length > before)
  const refused = await Promise.all(many.slice(90).map((value) => as({ url: `/users?id=${value}` })))
  const last = refused.filter(({ statusCode }) => statusCode === 422)
  t.ok(last.length > 0, 'beyond the limit it is refused')
  t.match(last[0]!.body, /at most 120 whole values can be looked for/)
  t.ok((await world.db.selectFrom('look_ups').selectAll().execute()).length <= lookUpsAnHour, 'and many at once do not pass it together')
  const pasted = await as({ url: `/users?${where(['id', 'is', ...Array.from({ length: 500 }, (_, n) => `139${n}`)])}` })
  t.equal(pasted.statusCode, 422, 'a pasted list neither')

  t.same(usersOn(await world.as({ url: `/users?id=${whole}` })), ['1'])
  t.equal((await world.db.selectFrom('look_ups').selectAll().where('operator_id', '<>', operatorId).execute()).length, 0, 'who sees the values is not counted')
})
