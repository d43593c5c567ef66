import t from 'tap'
import { build } from '../helper.ts'
import { makeRole, signInWith, type TestRole } from '../role.ts'
import { plain } from './values.ts'
import { makeWorld } from './world.ts'

const permissions = ['user_360.view', 'sources', 'imports'] as const
const onlyMini: TestRole = { permissions, sources: { 2: { otherwise: 'full' } }, otherAttributes: 'full' }
const said = /You brought in “Shop members”, but no role of yours shows anything of it.+a grant of columns, under Settings > Roles.+Lin Yating can give it/

t.test('who brought in a source that no role of theirs shows is told which grant is missing, and nobody else is', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const blind = await signInWith(world, await makeRole(world, { permissions }))
  const maker = await signInWith(world, await makeRole(world, onlyMini))
  const importer = await signInWith(world, await makeRole(world, onlyMini))
  const other = await signInWith(world, await makeRole(world, onlyMini))
  const seer = await signInWith(world, await makeRole(world, { permissions, sources: { 1: { otherwise: 'masked' } } }))
  const list = async ({ as }: { as: typeof world.as }, query = '') => plain((await as({ url: `/users${query}` })).body).replaceAll('&gt;', '>')
  const made = (id: number) => world.db.updateTable('sources').set({ created_by: id }).where('id', '=', 1).execute()

  t.match(await list(blind), 'The sources that your roles show are empty')
  await made(blind.id)
  t.match(await list(blind), said, 'where nothing is seen at all')
  t.notMatch(await list(blind), 'Mini-program')

  await made(maker.id)
  t.match(await list(maker), said, 'above a list of other users')
  t.match(await list(maker, '?id=nobody'), said, 'and where nobody matches')
  await world.db.updateTable('import_runs').set({ operator_id: importer.id }).where('source_id', '=', 1).execute()
  t.match(await list(importer), said, 'importing into it is enough')
  for (const [who, called] of [[other, 'a colleague'], [blind, 'who sees nothing'], [world, 'an administrator']] as const) t.notMatch(await list(who), /You brought in|Shop members”/, called)
  await made(seer.id)
  t.notMatch(await list(seer), 'You brought in', 'who sees something of it needs no hint')
  await made(maker.id)
  await world.db.updateTable('sources').set({ removed_at: new Date() }).where('id', '=', 1).execute()
  t.notMatch(await list(maker), 'You brought in', 'nothing is missing of a source that is gone')
})
