import t from 'tap'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { makeWorld } from '../users/world.ts'
import { makeAudience, makeDestination, outside, receiver, webhookAt } from './world.ts'

t.test('from a profile one user alone is pushed or written to, or the whole group, and the form says which', async (t) => {
  const world = await build(t, { outside })
  const { as, db } = world
  await makeWorld(world)
  const admin = await db.selectFrom('operators').select(['id', 'name']).where('email', '=', 'admin@example.com').executeTakeFirstOrThrow()
  const { url, received } = await receiver(t)
  const [audience, destination] = [await makeAudience(world, admin, { and: [] }), await makeDestination(world, 'webhook', webhookAt(url))]
  const profile = await as({ url: '/users/2?side=group' })
  const at = `/pushes/new?audience=${audience.id}&amp;user=2`
  t.match(profile.body, `<a href="${at}">Push</a>`)
  t.match(profile.body, `<a href="${at}&amp;reach=1">Reach</a>`)

  const form = await as({ url: `${at.replaceAll('&amp;', '&')}&destination=${destination.id}` })
  t.match(form.body, /<strong>Olivia alone<\/strong>/)
  t.match(form.body, /value="person" checked/, 'the one who was looked at')
  t.match(form.body, 'The whole group Spring letter')
  t.notMatch(form.body, 'name="every"', 'one person is sent once')
  const whom = { audience: String(audience.id), user: '2', destination: String(destination.id), type: ['MOBILE'] }
  const alone = await as({ method: 'POST', url: '/pushes/new', form: { ...whom, whom: 'person', act: 'review' } })
  t.match(alone.body, /<dt>Whom<\/dt><dd>Olivia alone/)
  t.match(alone.body, 'Send 1 user')
  await as({ method: 'POST', url: '/pushes/new', form: { ...whom, whom: 'person', act: 'start' } })
  await world.runJobs()
  t.same(received.flatMap(({ body }) => body.users.map(({ userId }) => userId)), ['2'])
  t.match(received[0]?.body, { audience: null })
  t.match((await as({ method: 'POST', url: '/pushes/new', form: { ...whom, whom: 'audience', act: 'review' } })).body, /<dt>Whom<\/dt><dd>Everybody in Spring letter/)

  const text = { ...whom, whom: 'person', reach: '1', text: 'Hello {{Name|you}}, spring is here.', act: 'review' }
  const written = await as({ method: 'POST', url: '/pushes/new', form: text })
  t.match(written.body, 'Hello Olivia, spring is here.', 'a preview for this user')
  t.match((await as({ method: 'POST', url: '/pushes/new', form: { ...text, text: 'Hello {{Nome}}' } })).body, 'There is no field {{Nome}}')
  received.splice(0)
  t.match((await as({ method: 'POST', url: '/pushes/new', form: { ...text, act: 'start' } })).headers.location, /^\/pushes\/\d+$/)
  await world.runJobs()
  t.match(received[0]?.body, { type: 'messages', messages: [{ userId: '2', to: '13900000002', text: 'Hello Olivia, spring is here.' }] })

  const looker = await signInWith(world, await makeRole(world, { permissions: ['user_360.view', 'audiences.view'], sources: { 1: { otherwise: 'full' } } }))
  t.notMatch((await looker.as({ url: '/users/2?side=group' })).body, '/pushes/new')
})
