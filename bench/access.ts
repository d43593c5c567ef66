import { accessOf } from '../src/access/role.ts'
import { listRoles } from '../src/access/queries.ts'
import { getCatalog, raiseCatalogVersion } from '../src/catalog/queries.ts'
import type { Catalog } from '../src/catalog/catalog.ts'
import { hashPassword } from '../src/operators/passwords.ts'
import { insertOperator } from '../src/operators/queries.ts'
import { Browser } from './browser.ts'
import { signIn, type Console } from './console.ts'
import { milliseconds, times, type ResultTable } from './table.ts'
import { timesOf, type Times } from './timing.ts'

const password = 'half of what there is'
const turns = 150

/** List and profile as an operator whose role hides a third of the columns, masks a third of the IDs and texts, and leaves rows out, beside an administrator; each in turn, so that both have the same machine. */
export async function measureAccess(console_: Console, table: ResultTable): Promise<void> {
  const catalog = await getCatalog(console_.db)
  const administrator = new Browser(console_.address, await signIn(console_.address))
  const roleId = await makeRole(console_, catalog, { rows: false })
  const narrowRows = await makeRole(console_, catalog, { rows: true })
  const columns = await browserWith(console_, roleId)
  const rows = await browserWith(console_, narrowRows)
  try {
    for (const [name, list] of [['list, first page', () => '/users'], ['profile page', await profiles(rows)]] as const) {
      const [all, byColumns, byRows] = await inTurn([administrator, columns, rows], list)
      for (const [called, times_] of [['column grants', byColumns], ['column and row grants', byRows]] as const) {
        const ratio = times_!.p50 / all!.p50
        table.add({ work: `${name}, a role with ${called}`, here: say(times_!), bare: `${say(all!)} (administrator)`, ratio: times(ratio), reach: 'at most 1.2 x', met: ratio <= 1.2 })
      }
    }
    await measureCheck(console_, catalog, roleId, table)
  } finally {
    for (const browser of [administrator, columns, rows]) browser.close()
  }
}

const say = (measured: Times) => `p50 ${milliseconds(measured.p50)}, p95 ${milliseconds(measured.p95)}`

/** Profiles of users who are found under the condition on rows. */
async function profiles(browser: Browser): Promise<(turn: number) => string> {
  const { body } = await browser.get('/users?size=200')
  const found = [...new Set([...body.matchAll(/href="\/users\/(\d+)[?"]/g)].map((match) => match[1]!))]
  if (found.length === 0) throw new Error('The role finds nobody.')
  return (turn) => `/users/${found[turn % found.length]}`
}

async function inTurn(browsers: readonly Browser[], path: (turn: number) => string): Promise<Times[]> {
  const taken: number[][] = browsers.map(() => [])
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, browser] of browsers.entries()) {
      const { status, milliseconds: time } = await browser.get(path(turn))
      if (status !== 200) throw new Error(`${path(turn)} answers ${status}`)
      if (turn >= 10) taken[index]!.push(time)
    }
  }
  return taken.map(timesOf)
}

async function makeRole({ db }: Console, catalog: Catalog, { rows }: { rows: boolean }): Promise<number> {
  const condition = { field: 'attribute:city', operator: 'not', values: ['Berlin'] }
  const level = (index: number) => (['full', 'hidden', 'masked'] as const)[index % 3]!
  return db.transaction().execute(async (trx) => {
    const { id } = await trx.insertInto('roles').values({ name: `Bench ${Date.now()} ${rows ? 'rows' : 'columns'}`, permissions: ['user_360.view', 'user_360.edit', 'user_360.tag', 'tags.view'] }).returning('id').executeTakeFirstOrThrow()
    for (const source of catalog.sources) {
      await trx.insertInto('source_grants').values({ role_id: id, source_id: source.id, otherwise: 'full', row_condition: rows ? JSON.stringify(condition) : null }).execute()
      await trx.insertInto('column_grants').values(source.columns.map((column, index) => ({ role_id: id, column_id: column.id, level: column.kind === 'id' || column.type === 'text' ? level(index) : level(index) === 'hidden' ? 'hidden' as const : 'full' as const }))).execute()
    }
    await trx.insertInto('attribute_grants').values(catalog.attributes.map((attribute) => ({ role_id: id, attribute_id: attribute.id, level: 'full' as const }))).execute()
    await raiseCatalogVersion(trx)
    return id
  })
}

async function browserWith(console_: Console, roleId: number): Promise<Browser> {
  const email = `bench-${roleId}@example.com`
  await insertOperator(console_.db, { email, name: 'Bench', passwordHash: await hashPassword(password), mustChangePassword: false, roleIds: [roleId] })
  return new Browser(console_.address, await signIn(console_.address, { email, password }))
}

/** What a request pays to know what its operator may see: once for a set of roles and a catalog, a look-up from then on. */
async function measureCheck({ db }: Console, catalog: Catalog, roleId: number, table: ResultTable): Promise<void> {
  const roles = await listRoles(db)
  const start = performance.now()
  accessOf(catalog, roles, [roleId])
  const first = performance.now() - start
  const checks = 10_000
  const begin = performance.now()
  for (let turn = 0; turn < checks; turn++) accessOf(catalog, roles, [roleId])
  const each = (performance.now() - begin) / checks
  table.add({ work: 'check of access in a request', here: `${each.toFixed(4)} ms`, reach: 'under 0.2 ms', met: each < 0.2, note: `${first.toFixed(2)} ms once after each change of catalog or roles` })
}
