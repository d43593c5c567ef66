import type { Test } from 'tap'
import type { TestApp } from '../helper.ts'
import { makeAudience, makeDestination, receiver, webhookAt } from '../pushes/world.ts'

/** Every act on pushes, each of which leaves one entry. Answers the routes that were used. The receiver is at an address that is not allowed, so runs are interrupted. */
export async function pushActs(t: Test, world: TestApp): Promise<string[]> {
  const { db, as } = world
  const done: string[] = []
  const operator = await db.selectFrom('operators').select(['id', 'name']).where('id', '=', 1).executeTakeFirstOrThrow()
  const { url } = await receiver(t)
  const [audience, destination] = [await makeAudience(world, operator, { and: [] }, 'Pushed'), await makeDestination(world, 'webhook', webhookAt(url), 'Receiver')]
  const left = async (route: string, address: string, form: Record<string, string>, title: string) => {
    const last = (await db.selectFrom('history_entries').select((eb) => eb.fn.max('id').as('id')).executeTakeFirstOrThrow()).id ?? '0'
    const answer = await as({ method: 'POST', url: address, form })
    t.equal(answer.statusCode, 303, `${route}: ${answer.statusCode}`)
    const entries = await db.selectFrom('history_entries').selectAll().where('id', '>', last).orderBy('id').execute()
    t.match(entries, [{ title, operator_id: 1, operator_name: 'Lin Yating' }], `${route} leaves one entry`)
    done.push(`POST ${route}`)
    return answer
  }
  const form = { audience: String(audience.id), destination: String(destination.id), type: 'MOBILE', act: 'start' }
  const made = await left('/pushes/new', '/pushes/new', { ...form, every: 'hour', minute: '0' }, 'Push 1 to Receiver set up')
  const at = String(made.headers.location)
  await left('/pushes/:id/runs', `${at}/runs`, {}, 'Run of push 1 to Receiver ordered')
  await left('/pushes/:id/runs/:run/cancellation', `${at}/runs/1/cancellation`, {}, 'A push: cancel asked for')
  await as({ method: 'POST', url: `${at}/runs`, form: {} })
  await world.runJobs()
  t.match(await db.selectFrom('push_runs').select('state').where('id', '=', 2).executeTakeFirst(), { state: 'interrupted' })
  await left('/pushes/:id/runs/:run/continuation', `${at}/runs/2/continuation`, {}, 'Run of push 1 to Receiver ordered')
  await world.runJobs()
  await db.insertInto('push_failures').values({ run_id: 2, user_id: '1', change: 'member', reason: 'refused' }).execute()
  await left('/pushes/:id/runs/:run/repetition', `${at}/runs/2/repetition`, {}, 'Run of push 1 to Receiver ordered')
  await world.runJobs()
  await db.updateTable('pushes').set({ paused: 'for a test' }).execute()
  await left('/pushes/:id/resumption', `${at}/resumption`, {}, 'Push 1 to Receiver resumed')
  await left('/pushes/:id/end', `${at}/end`, {}, 'Push 1 to Receiver ended')
  return done
}
