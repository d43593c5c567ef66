import t from 'tap'
import { build, type TestApp } from '../helper.ts'
import { makeAdministrator, makeRole, signInWith } from '../role.ts'
import { columnIds, makeWorld } from '../users/world.ts'
import { makeAudience, makeDestination, outside, push, receiver, runsOf, webhookAt } from './world.ts'

async function ready(t: Parameters<typeof build>[0]) {
  const world = await build(t, { outside })
  await makeWorld(world)
  const admin = await world.db.selectFrom('operators').select(['id', 'name']).where('email', '=', 'admin@example.com').executeTakeFirstOrThrow()
  const got = await receiver(t)
  return { ...world, admin, got, audience: await makeAudience(world, admin, { and: [] }), destination: await makeDestination(world, 'webhook', webhookAt(got.url)) }
}

const hiddenOf = (body: string) => Object.entries(Object.groupBy([...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)], (match) => match[1]!)).map(([name, all]) => [name, all!.map((match) => match[2]!.replaceAll('&quot;', '"'))] as const)
const post = (world: Pick<TestApp, 'as'>, form: Record<string, string | string[]>) => world.as({ method: 'POST', url: '/pushes/new', form })

t.test('a push is set up on a form that says what it would send, and shows how it went', async (t) => {
  const world = await ready(t)
  const { as, audience, destination, got } = world
  const columns = await columnIds(world)
  const likes = `tag:${columns['1.likes']}`
  const first = await as({ url: `/pushes/new?audience=${audience.id}` })
  t.match(first.body, /<h1>Push Spring letter<\/h1>/)
  t.notMatch(first.body, 'ID types', 'first the destination')
  const whom = { audience: String(audience.id), destination: String(destination.id) }
  const chosen = await post(world, { ...whom, act: 'change' })
  t.match(chosen.body, /AES values go decrypted/)
  t.notMatch(chosen.body, 'role="alert"')

  const wrong = await post(world, { ...whom, act: 'review', type: ['MOBILE', 'EMAIL'], field: [likes, 'attribute:city'], [`name-${likes}`]: 'x', 'name-attribute:city': 'x' })
  t.equal(wrong.statusCode, 422)
  t.match(wrong.body, 'Where fields are sent, choose exactly one ID type.')
  t.match(wrong.body, 'Two fields cannot have one name.')
  t.match(wrong.body, /value="MOBILE" checked/, 'what was chosen stays')
  t.equal((await post(world, { ...whom, act: 'review' })).statusCode, 422, 'no ID type')
  t.equal((await post(world, { ...whom, act: 'review', type: 'MOBILE', every: 'day', at: '25:00', timeZone: 'UTC' })).statusCode, 422)

  const review = await post(world, { ...whom, act: 'review', type: 'MOBILE', field: [likes], [`name-${likes}`]: 'Hobbies', scope: 'whole' })
  t.match(review.body, /<dt>What<\/dt><dd>MOBILE with Hobbies<\/dd>/)
  t.match(review.body, /members whom you see<\/dt><dd>5/)
  t.match(review.body, /with MOBILE<\/dt><dd>4/)
  t.match(review.body, '1 user has none of these IDs')
  t.match(review.body, 'Send 4 users')
  t.equal(got.received.length, 0, 'nothing is sent yet')
  const kept = Object.fromEntries(hiddenOf(review.body).filter(([name]) => name !== '_csrf'))
  const back = await post(world, { ...kept, act: 'back' })
  t.match(back.body, /value="Hobbies"/, 'back to the form, as it was')

  const started = await post(world, { ...kept, act: 'start' })
  t.match(started.headers.location, /^\/pushes\/\d+$/)
  const at = String(started.headers.location)
  t.match((await as({ url: at })).body, 'It waits until another job is done.')
  await world.runJobs()
  t.match(got.received[0]?.body.users[0], { userId: '1', fields: { Hobbies: ['tea', 'hiking'] } })
  const page = await as({ url: at })
  t.match(page.body, /users sent<\/dt><dd>4/)
  t.match(page.body, /with MOBILE<\/dt><dd>4/)
  t.match((await as({ url: '/pushes' })).body, /Spring letter<\/a>[\s\S]*A webhook/)
  t.match((await as({ url: `/pushes?audience=${audience.id}` })).body, 'Pushes of Spring letter')

  await as({ method: 'POST', url: `${at}/runs`, form: {} })
  t.equal((await as({ method: 'POST', url: `${at}/runs`, form: {} })).statusCode, 409, 'one run at a time')
  const [, second] = await runsOf(world, Number(at.split('/')[2]))
  await as({ method: 'POST', url: `${at}/runs/${second!.id}/cancellation`, form: {} })
  t.match((await as({ url: at })).body, 'cancelled', 'a run that waited is cancelled at once')
  t.equal((await as({ method: 'POST', url: `${at}/end`, form: {} })).headers.location, at)
  t.equal((await as({ method: 'POST', url: `${at}/runs`, form: {} })).statusCode, 409)
})

t.test('a push by schedule starts by itself, and a run that comes while another is under way is skipped and said', async (t) => {
  const world = await ready(t)
  const { as, audience, destination, db } = world
  const form = { audience: String(audience.id), destination: String(destination.id), type: 'MOBILE', scope: 'change', every: 'hour', minute: '30', start: '', end: '' }
  t.match((await post(world, { ...form, act: 'review' })).body, /<dt>When<\/dt><dd>Every hour/)
  const at = String((await post(world, { ...form, act: 'start' })).headers.location)
  t.same(await runsOf(world, Number(at.split('/')[2])), [], 'not before its time')
  const { startDue } = await import('../../src/schedules/keep-schedules.ts')
  const { starters } = await import('../../src/starters.ts')
  const { queue } = await import('./world.ts')
  const later = (hours: number) => new Date(Date.now() + hours * 3_600_000)
  const log = { error(data: object, text: string) { throw new Error(`${text} ${JSON.stringify(data)}`) } }
  t.equal((await startDue({ db, queue, starters, log }, later(1))).length, 1)
  t.same(await startDue({ db, queue, starters, log }, later(2)), [])
  await world.runJobs()
  t.match((await runsOf(world, Number(at.split('/')[2]))).map(({ state }) => state), ['done', 'skipped'])
  const page = (await as({ url: at })).body
  t.match(page, 'by its schedule')
  t.match(page, 'The run before it was still under way.')
})

t.test('who does not own a push sees no name of a private audience, no number and no file of it, and changes nothing', async (t) => {
  const world = await ready(t)
  const other = await makeAdministrator(world.db, 'Zhao Min')
  const pushId = await push(world, await makeAudience(world, other, { and: [] }, 'Secret plan'), world.destination, other)
  await world.runJobs()
  const [run] = await runsOf(world, pushId)
  const page = await world.as({ url: `/pushes/${pushId}` })
  t.match(page.body, 'a private audience')
  t.notMatch(page.body + (await world.as({ url: '/pushes' })).body, 'Secret plan')
  for (const url of [`/pushes/${pushId}/runs/${run!.id}/failures.csv`, `/pushes/${pushId}/runs/${run!.id}/file`]) t.equal((await world.as({ url })).statusCode, 404)
  t.equal((await world.as({ method: 'POST', url: `/pushes/${pushId}/runs`, form: {} })).statusCode, 404)
  const stranger = await signInWith(world, await makeRole(world, { permissions: ['audiences.push', 'audiences.view'] }))
  t.equal((await stranger.as({ url: `/pushes/${pushId}` })).statusCode, 404)
  t.equal((await stranger.as({ url: `/pushes/new?audience=${world.audience.id}` })).statusCode, 404)
  t.equal((await stranger.as({ url: `/pushes/new?audience=${world.audience.id}&reach=1` })).statusCode, 403)
  t.notMatch((await stranger.as({ url: '/pushes' })).body, 'A webhook')
})

t.test('failed users are downloaded with their reasons', async (t) => {
  const world = await build(t, { outside })
  await makeWorld(world)
  const admin = await world.db.selectFrom('operators').select(['id', 'name']).where('email', '=', 'admin@example.com').executeTakeFirstOrThrow()
  const { url } = await receiver(t, ({ body }) => ({ status: 200, body: JSON.stringify({ refused: body.users.map(({ userId }) => ({ userId, reason: '=cmd' })) }) }))
  const pushId = await push(world, await makeAudience(world, admin, { and: [] }), await makeDestination(world, 'webhook', webhookAt(url)), admin)
  await world.runJobs()
  const [run] = await runsOf(world, pushId)
  t.match((await world.as({ url: `/pushes/${pushId}` })).body, 'Send 4 users again')
  const file = await world.as({ url: `/pushes/${pushId}/runs/${run!.id}/failures.csv` })
  t.match(file.headers['content-disposition'], /push-\d+-run-\d+-failed\.csv/)
  t.equal(file.body, '\ufeffUser ID,Reason,Sent again by run\r\n' + ['1', '2', '4', '7'].map((id) => `${id},The receiver refuses this user: =cmd,\r\n`).join(''))
  t.equal((await world.as({ method: 'POST', url: `/pushes/${pushId}/runs/${run!.id}/repetition`, form: {} })).statusCode, 303)
})

t.test('an audience is not deleted while a push uses it, and its page leads to its pushes', async (t) => {
  const world = await ready(t)
  const { as, audience, destination } = world
  const page = await as({ url: `/audiences/${audience.id}` })
  for (const address of [`/pushes/new?audience=${audience.id}`, `/pushes/new?audience=${audience.id}&amp;reach=1`, `/pushes?audience=${audience.id}`]) t.match(page.body, `href="${address}"`)
  const at = String((await post(world, { audience: String(audience.id), destination: String(destination.id), type: 'MOBILE', every: 'hour', minute: '30', act: 'start' })).headers.location)
  const refused = await as({ method: 'POST', url: `/audiences/${audience.id}/deletion`, form: {} })
  t.equal(refused.statusCode, 409)
  t.match(refused.body, 'A push uses it')
  await as({ method: 'POST', url: `${at}/end`, form: {} })
  t.equal((await as({ method: 'POST', url: `/audiences/${audience.id}/deletion`, form: {} })).statusCode, 303)
  t.match((await as({ url: at })).body, 'Spring letter', 'the record stays, with the name that it had')
})
