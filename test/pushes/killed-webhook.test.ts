import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { waitFor } from '../destinations/mock-kafka.ts'
import { begin } from './killed-world.ts'
import { makeDestination, push, receiver, runsOf, webhookAt } from './world.ts'

t.test('webhook: a batch that is repeated after a kill has its key and its users', { timeout: 300_000 }, async (t) => {
  const world = await begin(t, 200)
  let arrived = 0
  const { url, received } = await receiver(t, async (_got, request) => {
    // Now and then the connection breaks off after the request came through.
    if (++arrived % 17 === 0) request.destroy()
    await delay(25)
    return { status: 200 }
  })
  const pushId = await push(world, world.audience, await makeDestination(world, 'webhook', webhookAt(url, 10)), world.operator, { scope: 'change' })
  for (const seen of [3, 12]) await world.work(() => waitFor(() => received.length >= seen, 60_000))
  await world.work(world.ended(pushId))
  t.match((await runsOf(world, pushId))[0], { state: 'done', sent: '200' })
  const byKey = Map.groupBy(received, ({ key }) => key)
  t.equal(byKey.size, 20)
  t.ok([...byKey.values()].every((all) => new Set(all.map(({ body }) => body.users.map(({ userId }) => userId).join())).size === 1), 'one key, one choice of users')
  t.same(new Set(received.flatMap(({ body }) => body.users.map(({ userId }) => userId))).size, 200)
  t.equal((await world.db.selectFrom('pushed_users').select('user_id').execute()).length, 200, 'and whom the receiver has is known')
})
