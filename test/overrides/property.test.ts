import fc from 'fast-check'
import t from 'tap'
import { openTestDatabase } from '../helper.ts'
import { steps, World } from './world.ts'

t.test('whatever is imported, decided, undone and mapped: pages show what the layers say', async (t) => {
  await fc.assert(fc.asyncProperty(steps, async (actions) => {
    const done: (() => unknown)[] = []
    const database = await openTestDatabase({ name: t.name, teardown: (fn) => done.push(fn) })
    try {
      const world = await World.open(database)
      for (const action of actions) {
        await world.take(action)
        const { shown, expected } = await world.compare()
        t.same(shown, expected, `after ${JSON.stringify(action)}`)
        if (!t.passing()) throw new Error(JSON.stringify(actions))
      }
      t.same(await world.drift(), world.expectedDrift(), 'decisions whose source has changed since are known')
      const before = await world.projection()
      t.same(await world.rebuild(), [], 'a rebuild finds no difference')
      t.same(before, await world.projection(), 'the projection is what a rebuild makes')
      if (!t.passing()) throw new Error(JSON.stringify(actions))
    } finally {
      for (const fn of done) await fn()
    }
  }), { ...(process.env['SEED'] ? { seed: Number(process.env['SEED']), path: process.env['FC_PATH'] ?? '0' } : {}), numRuns: Number(process.env['RUNS'] ?? 12), endOnFailure: true })
})
