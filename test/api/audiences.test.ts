import t from 'tap'
import { add } from '../audiences/world.ts'
import { openWorld } from '../history/acts.ts'
import { makeRole, signInWith } from '../role.ts'
import { bearerOf, type Bearer } from './bearer.ts'
import { misfitOf, readDocument } from './fits.ts'

t.test('audiences, who is in them, and their builds', async (t) => {
  const world = await openWorld(t)
  const document = await readDocument(world)
  const asking = ({ send }: Bearer) => async (method: string, path: string, key?: string) => {
    const answer = await send({ method: method as 'GET', url: `/api/v1${path}`, ...(key ? { key } : {}) })
    t.equal(misfitOf(document, method, `/api/v1${path}`, answer), '', `${method} ${path}: ${answer.statusCode}`)
    return answer
  }
  const ask = asking(await bearerOf(world, 1))
  const { id } = await add(world, 'Tea drinkers', { field: `tag:${world.columns['1.likes']!}` as `tag:${number}`, operator: 'any', values: ['tea', 'coffee'] }, { shared: true })
  const { id: secret } = await add(world, 'Secret', { and: [] })
  t.match((await ask('GET', `/audiences/${id}`)).json(), { id, state: 'waiting', size: null, builtAt: null })
  t.same((await ask('GET', `/audiences/${id}/members`)).json(), { users: [], next: null })
  await world.runJobs()
  t.match((await ask('GET', '/audiences')).json(), { audiences: [{ name: 'Secret', own: true }, { name: 'Tea drinkers', owner: 'Lin Yating', own: true, shared: true, state: 'built', size: 3 }] })
  const first = (await ask('GET', `/audiences/${id}/members?limit=2&fields=attribute:city`)).json()
  t.match(first, { users: [{ id: '4', values: [{ field: 'attribute:city', value: 'berlin' }] }, { id: '2' }] })
  const rest = (await ask('GET', `/audiences/${id}/members?limit=2&after=${first.next}`)).json()
  t.match(rest, { users: [{ id: '1' }], next: null })
  const built = await ask('POST', `/audiences/${id}/builds`, 'k')
  t.same((await ask('POST', `/audiences/${id}/builds`, 'k')).json(), built.json())
  await world.runJobs()
  t.match((await ask('GET', `/jobs/${built.json().job}`)).json(), { status: 'done', kind: 'audience' })

  const { id: zhao } = await signInWith(world, await makeRole(world, { permissions: ['user_360.view', 'audiences.view', 'audiences.manage'], sources: { 1: { otherwise: 'full', rowCondition: { field: 'attribute:city', operator: 'is', values: ['berlin'] } } }, otherAttributes: 'full' }))
  const other = asking(await bearerOf(world, zhao))
  t.match((await other('GET', '/audiences')).json().audiences, [{ name: 'Tea drinkers', own: false, size: null }], 'a private one of somebody else is not there, and no size is told of whom they cannot find')
  t.same((await other('GET', `/audiences/${id}/members`)).json().users.map((user: { id: string }) => user.id), ['4', '2'], 'only members that they see')
  const bare = (answer: { statusCode: number; body: string }) => `${answer.statusCode} ${answer.body.replace(/"instance":"[^"]*"/, '')}`
  for (const [method, path] of [['GET', ''], ['GET', '/members'], ['POST', '/builds']] as const) t.equal(bare(await other(method, `/audiences/${secret}${path}`)), bare(await other(method, `/audiences/99999${path}`)))
  t.equal((await other('POST', `/audiences/${id}/builds`)).statusCode, 404, 'only its owner has it built')
})
