import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { openFlakyPort } from '../destinations/flaky-port.ts'
import { skip, startBroker, waitFor } from '../destinations/mock-kafka.ts'
import { begin } from './killed-world.ts'
import { kafkaAt, makeDestination, push, runsOf } from './world.ts'

t.test('Kafka: killed once and cut off once, nobody is lost, and only batches that were under way come again', { timeout: 400_000, skip }, async (t) => {
  const world = await begin(t, 20_000)
  const broker = await startBroker(t)
  const port = await openFlakyPort(t, broker.address)
  const pushId = await push(world, world.audience, await makeDestination(world, 'kafka', kafkaAt(port.address)), world.operator)
  await world.work(() => waitFor(() => broker.received.length >= 1, 60_000))
  t.match((await runsOf(world, pushId))[0], { state: 'running' }, 'it was met while it sent')
  await world.work(async () => {
    port.cut()
    await delay(1500)
    port.restore()
    await world.ended(pushId)()
  })
  const [run] = await runsOf(world, pushId)
  t.match(run, { state: 'done', total: '20000', sent: '20000', refused: '0', counts: { MOBILE: 20_000 } })
  const times = Map.groupBy(broker.received, ({ key }) => key)
  t.equal(times.size, 20_000, 'nobody is lost')
  const again = [...times].filter(([, all]) => all.length > 1)
  t.ok(again.length <= 2 * 5000, `${again.length} came again: of a batch for each time that it was cut short`)
  t.ok(again.every(([, all]) => new Set(all.map(({ value }) => value)).size === 1), 'as they were')
})
