import { getCatalog } from '../../src/catalog/queries.ts'
import { attributeTarget, tagTarget, type Target } from '../../src/catalog/target.ts'
import { decide, type ActTitle, type Operator } from '../../src/overrides/decide.ts'
import type { Change } from '../../src/overrides/queries/insert-decisions.ts'
import { build, type TestApp } from '../helper.ts'
import { columnIds, makeWorld } from '../users/world.ts'

export const zone = 'Asia/Shanghai'

export interface World extends TestApp {
  operator: Operator
  columns: Record<string, number>
  /** Decides about users and answers the id of the entry. */
  act(users: string[], changes: Record<string, Change>, options?: Partial<ActTitle> & { operator?: Operator; policy?: 'keep' | 'until_import'; always?: boolean }): Promise<string>
  get(url: string): ReturnType<TestApp['as']>
  undo(entry: string, headers?: Record<string, string>, form?: Record<string, string>): ReturnType<TestApp['as']>
  /** What the projection shows of a user. */
  shows(user: string, name: string): Promise<unknown>
  entries(): Promise<number>
}

/** The world of test/users, with one administrator, in which acts are done as the pages do them. */
export async function openWorld(t: Parameters<typeof build>[0]): Promise<World> {
  return fillWorld(await build(t))
}

export async function fillWorld(app: TestApp): Promise<World> {
  await makeWorld(app)
  const columns = await columnIds(app)
  const operator = { ...(await app.db.selectFrom('operators').select(['id', 'name']).executeTakeFirstOrThrow()) }
  const target = async (name: string): Promise<Target> => {
    const catalog = await getCatalog(app.db)
    const found = name.includes('.') ? tagTarget(catalog, columns[name] ?? 0) : attributeTarget(catalog, name)
    if (!found) throw new Error(`no target ${name}`)
    return found
  }
  return {
    ...app, operator, columns,
    async act(users, changes, options = {}) {
      const decisions = await Promise.all(Object.entries(changes).map(async ([name, change]) => ({ target: await target(name), change, policy: options.policy ?? 'keep', always: options.always ?? false })))
      const { entryId } = await decide(app.db, await getCatalog(app.db), zone, users, decisions, { kind: options.kind ?? 'edit', title: options.title ?? 'Edit of a user', operator: options.operator ?? operator })
      if (entryId === null) throw new Error('nothing was recorded')
      return entryId
    },
    get: (url) => app.as({ url }),
    undo: (entry, headers = {}, form = {}) => app.as({ method: 'POST', url: `/history/${entry}/undo`, headers, form }),
    async shows(user, name) {
      const catalog = await getCatalog(app.db)
      const found = await target(name)
      const [table, column] = found.attribute ? [catalog.usersTable, found.attribute.column] : [catalog.sources.find((source) => source.id === found.source.id)?.valuesTable, found.column.column]
      const { rows } = await app.pool.query(`select to_jsonb(${column}) as value from ${table} where user_id = $1`, [user])
      return rows[0]?.value ?? null
    },
    async entries() { return Number((await app.db.selectFrom('history_entries').select((eb) => eb.fn.countAll().as('n')).executeTakeFirstOrThrow()).n) }
  }
}
