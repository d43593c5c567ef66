import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { seed } from '../seed.ts'
import { upload } from '../sources/upload.ts'
import { longNote, makeWorld } from '../users/world.ts'
import { seal, type TestApp } from '../helper.ts'
import { findsNothing, staysInside } from './console.ts'

/** People, a value that joins nobody, lines that cannot be read, a group with a long name and an attribute of one's own. */
export async function fill(world: TestApp): Promise<void> {
  await makeWorld(world)
  const shared = Array.from({ length: 25 }, (_, index) => `s${index},13700000000`)
  await seed(world, { alias: 'Raffle', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }] }, ['no,mobile', ...shared, 's1,1', 'x', ',2'].join('\n'))
  await world.as({ method: 'POST', url: '/settings/tags/groups', form: { name: 'Interests of people who buy tea, one group with a long name', parent: '' } })
  await world.as({ method: 'POST', url: '/settings/attributes', form: { name: 'Shoe size', code: 'shoe_size', type: 'number', rule: 'latest', choices: '', description: longNote } })
  // One exception, so that the list of them is shown.
  await world.pool.query(`insert into mapping_exceptions (id_type, match_key, kind, operator_id) select id_type, match_key, 'allow', 1 from refused_joins order by match_key limit 1`)
}

type Pages = Record<string, string>

export async function pagesOfData(world: TestApp): Promise<Pages> {
  const job = await world.db.selectFrom('jobs').select('id').orderBy('id').executeTakeFirstOrThrow()
  const run = await world.db.selectFrom('import_runs').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  return {
    'list': '/users', 'condition editor': '/users?add=condition&field=Likes', 'a list that cannot be shown': '/users?size=7&after=nonsense', 'nobody matches': '/users?id=nobody', 'Column Display': '/users/columns',
    'profile': '/users/1?in=', 'identities': '/users/1?tab=identity', 'rows': '/users/1/rows', 'no such user': '/users/999', 'nowhere': '/nowhere', 'sources': '/settings/sources', 'upload': '/settings/sources/new',
    'upload into a source': '/settings/sources/1/import', 'columns': await upload(world, 'people.csv', 'id,mail,when,price\n1,a@example.com,03/04/2024,1.5\n2,b@example.com,05/06/2024,x\n'),
    'check': await upload(world, 'shop.csv', 'no,mobile,name,city,level,likes,value\nM1,13812345678,x,y,z,tea,1\nM2,13812345679,x,y,z,tea,abc\n', 1),
    'source': '/settings/sources/1', 'run with rejected rows': `/settings/imports/${run.id}`, 'undo of a run': `/settings/imports/${run.id}/undo`, 'job': `/settings/jobs/${job.id}`, 'jobs': '/settings/jobs?kind=statistics'
  }
}

export async function pagesOfSettings(world: TestApp): Promise<Pages> {
  const group = await world.db.selectFrom('tag_groups').select('id').where('name', 'like', 'Interests of%').executeTakeFirstOrThrow()
  const attribute = await world.db.selectFrom('attributes').select('id').where('code', '=', 'shoe_size').executeTakeFirstOrThrow()
  const refused = await world.db.selectFrom('refused_joins').select(['id_type', 'match_key']).where('reason', '=', 'shared').executeTakeFirstOrThrow()
  const tag = await world.db.selectFrom('source_columns').select('id').where('name', '=', 'likes').executeTakeFirstOrThrow()
  return {
    'settings': '/settings', 'permissions of a role': '/settings/roles/2', 'data of a role': '/settings/roles/2/data?of=1', 'rows of a role': '/settings/roles/2/rows', 'condition on rows': '/settings/roles/2/rows/1', 'operators of a role': '/settings/roles/1/operators',
    'new role': '/settings/roles/new', 'name of a role': '/settings/roles/2/edit', 'deletion of a role': '/settings/roles/2/deletion', 'structure': '/settings/sources/1/structure', 'removal': '/settings/sources/1/removal', 'ID types': '/settings/id-types', 'ID type': '/settings/id-types/3',
    'refused joins': '/settings/refused-joins', 'refused join': `/settings/refused-joins/${refused.id_type}/${seal.seal(refused.match_key)}`, 'attributes': '/settings/attributes', 'attribute': '/settings/attributes/1',
    'own attribute': `/settings/attributes/${attribute.id}`, 'tags': '/settings/tags', 'tag': `/settings/tags/${tag.id}`, 'tag group': `/settings/tags/groups/${group.id}`, 'deletion of a group': `/settings/tags/groups/${group.id}/deletion`, 'password': '/password',
    'operators': '/settings/operators', 'new operator': '/settings/operators/new', 'new operators': '/settings/operators/new/many', 'operator': '/settings/operators/1', 'two-step sign-in': '/two-step', 'a link that does not work': '/invitations/x',
    'connections': '/settings/connections', 'new connection': '/settings/connections/new', 'runs': '/settings/runs', 'erasures': '/settings/erasures', 'erasure': '/users/2/erasure'
  }
}

/** Forms that answer with a mistake, and questions before a change: pages without an address of their own. */
export const answers: [what: string, path: string, act: (page: Page) => Promise<unknown>, wait: string][] = [
  ['new role with a mistake', '/settings/roles/new', async () => {}, '.field-error'],
  ['editor of a condition on rows', '/settings/roles/2/rows/1', async (page) => { await page.click('#add-condition'); await page.fill('#condition-field', 'nonsense') }, '.condition-message'],
  ['password refused', '/password', async (page) => { for (const name of ['current', 'next', 'again']) await page.fill(`#${name}`, 'no') }, '.field-error'],
  ['new ID type with a mistake', '/settings/id-types/new', async () => {}, '.field-error'],
  ['new attribute with a mistake', '/settings/attributes/new', async () => {}, '.field-error'],
  ['new operator with a mistake', '/settings/operators/new', async () => {}, '.field-error'],
  ['one-time links', '/settings/operators/new/many', async (page) => page.fill('#people', 'Zhao Min <zhao@example.com>\nadmin@example.com\nnobody'), '.one-time-link'],
  ['new connection with a mistake', '/settings/connections/new', async () => {}, '.field-error'],
  ['new tag group with a mistake', '/settings/tags/groups/new', async () => {}, '.field-error'],
  ['removal with a mistake', '/settings/sources/1/removal', async () => {}, '.field-error'],
  ['structure with a mistake', '/settings/sources/1/structure', async (page) => page.fill('#alias', ''), '#alias-error'],
  ['what an exception of ID mapping does', '/users/1/rows', async () => {}, '#mapping-effect'],
  ['what a change of ID mapping does', '/settings/id-types/3', async (page) => page.uncheck('#mapping'), '#mapping-effect']
]

const kinds = [['light, wide', { width: 1280, height: 800 }, 'light'], ['dark, on a phone', { width: 390, height: 800 }, 'dark']] as const

/** The page as it is now, light and wide and then dark and narrow: nothing for axe, nothing that scrolls sideways. */
export async function isSound(t: Test, page: Page, what: string): Promise<void> {
  for (const [kind, size, colorScheme] of kinds) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme })
    await staysInside(t, page, `${what}, ${kind}`)
    await findsNothing(t, page, `${what}, ${kind}`)
  }
}

export async function areSound(t: Test, page: Page, pages: Pages): Promise<void> {
  for (const [what, path] of Object.entries(pages)) {
    const answer = await page.goto(path)
    t.ok([200, 404, 422].includes(answer?.status() ?? 0), `${what}: ${answer?.status()}`)
    await isSound(t, page, what)
  }
}
