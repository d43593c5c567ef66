import { castSql, type CatalogSource } from '../catalog/catalog.ts'
import { copyStatistics } from '../db/copy-statistics.ts'
import { createTable } from '../db/create-table.ts'
import { nextTableName } from '../db/table-version.ts'
import type { Work } from '../jobs/work.ts'
import { attributeSqlType, severalRows, tagColumns, usersSelect, valuesSelect } from './effective-sql.ts'
import { overrideMark, takeProjection } from './lock.ts'
import { markDrift } from './drift.ts'
import { allParts, projectInPlace, type Parts } from './in-place.ts'
import { followMembers } from './members.ts'
import { overrideDocuments } from './overrides-sql.ts'

/** More users than this are written as a new version of the table, beside the old one, so that edits never wait for them. */
export const inPlaceAtMost = 20_000

/** What a publication must show anew. `users` null: everybody. */
export interface Scope {
  /** Table (user_id) of everybody touched; null: everybody. */
  users: string | null
  /** Those of them whose attributes may change, where others are touched only in tags of the source; null: everybody. */
  attributes: string | null
  /** Those of them whose rows changed hands: they change in every source; null: everybody. */
  mapped: string | null
  /** The source whose rows changed; its values table is written for every user of the scope, those of others for mapped ones. */
  source: CatalogSource | null
  /** Its values table has another shape than before, or is the first. */
  rebuildSource: boolean
  /** Looks at the new tables beside the published ones, while edits still go on; `mark` is that of overrideMark. */
  beforePublication?: (mark: string) => Promise<void>
}

/**
 * Layer 4, the one writer: makes the projection show layers 1 to 3 for the users in scope. Large parts are written beside
 * the published tables; then edits are held off for a moment, what was set by hand meanwhile is written too, and the
 * names change with the commit of the caller. Updates the names in `work.catalog`, the caller publishes them.
 */
export async function project(work: Work, scope: Scope): Promise<void> {
  const mark = await overrideMark(work.db)
  await work.run('create temp table joined_users on commit drop as select distinct user_id from row_aliases')
  await work.run('create unique index on joined_users (user_id); analyze joined_users')
  const size = await sizeOf(work, scope.users)
  const mapped = await sizeOf(work, scope.mapped)
  const later: (() => Promise<void>)[] = []
  const published = work.catalog.sources.filter((source) => source.rowsTable)
  for (const source of published) {
    const own = source.id === scope.source?.id
    if ((own ? size : mapped) > inPlaceAtMost || !source.valuesTable || (own && scope.rebuildSource)) await newValues(work, source)
    else later.push(await changedValues(work, source, (own ? scope.users : scope.mapped) as string))
  }
  if ((await sizeOf(work, scope.attributes)) > inPlaceAtMost) await newUsers(work)
  else later.push(await changedUsers(work, scope.attributes as string))
  for (const source of published) await markDrift(work, source, source.id === scope.source?.id ? scope.users : scope.mapped)
  await markDrift(work, null, scope.attributes)
  await followMembers(work, scope.mapped)
  await scope.beforePublication?.(mark)
  work.context.progress('Show', 95, 100)
  await takeProjection(work.db)
  for (const write of later) await write()
  await catchUp(work, mark)
}

export async function sizeOf(work: Work, users: string | null): Promise<number> {
  return users ? Number((await work.rows<{ count: string }>(`select count(*) from ${users}`))[0]?.count) : Infinity
}

async function newValues(work: Work, source: CatalogSource): Promise<void> {
  const table = await nextTableName(work.context.db, `values_${source.id}`)
  const cells = tagColumns(source).map((column) => `, ${castSql(column.type, column.column)} as ${column.column}`).join('')
  await createTable(work, table, `select user_id, row_count${cells} from (${await valuesOf(work, source, null)}) v`, tagColumns(source), 16)
  await addKeys(work, table, tagColumns(source))
  source.valuesTable = table
}

async function newUsers(work: Work): Promise<void> {
  const { attributes } = work.catalog
  const table = await nextTableName(work.context.db, 'users')
  const overrides = await overridesTable(work, null, null)
  const published = work.catalog.sources.some((source) => source.rowsTable)
  const cells = attributes.map((attribute) => `, ${castSql(attribute.type, published ? attribute.column : 'null')} as ${attribute.column}`).join('')
  await work.run(`create table ${table} as ${published ? `select user_id, created_at, source_id${cells} from (${usersSelect(work.catalog, null, 'joined_users', overrides)}) u` : `select null::bigint as user_id, null::timestamptz as created_at, null::int as source_id${cells} where false`}`)
  await addKeys(work, table, attributes)
  work.catalog.usersTable = table
}

/** What every new version of a table of the projection ends with: its key, its indexes for filters, and statistics. `copied`: it is a copy of that table but for one column. */
export async function addKeys(work: Work, table: string, columns: readonly { column: string; type: string; filterIndex: boolean }[], copied?: { from: string; changed: string }): Promise<void> {
  await work.run(`alter table ${table} add primary key (user_id)`)
  for (const { column, type, filterIndex } of columns) if (filterIndex) await addFilterIndex(work, table, column, type)
  if (copied && !columns.some(({ filterIndex }) => filterIndex)) await copyStatistics(work, copied.from, table, copied.changed)
  else await work.run(`analyze ${table}`)
}

/** Long texts would not fit an index entry, so it holds their beginning. */
export async function addFilterIndex(work: Pick<Work, 'run'>, table: string, column: string, type: string): Promise<void> {
  if (type === 'multi') await work.run(`create index on ${table} using gin (${column})`)
  else await work.run(`create index on ${table} (${type === 'text' || type === 'choice' ? `lower(left(${column}, 200))` : column}, user_id)`)
}

let temporary = 0
export const temporaryName = (kind: string) => `${kind}_${++temporary}`

async function overridesTable(work: Work, source: CatalogSource | null, scope: string | null): Promise<string | null> {
  const table = temporaryName('hand_set')
  const which = { sourceId: source?.id ?? null, fields: source ? tagColumns(source) : work.catalog.attributes }
  if (which.fields.length === 0) return null
  const count = await work.run(`create temp table ${table} on commit drop as ${overrideDocuments(which, scope)}`)
  if (count === 0) return null
  await work.run(`create unique index on ${table} (user_id); analyze ${table}`)
  return table
}

async function valuesOf(work: Work, source: CatalogSource, scope: string | null): Promise<string> {
  const several = temporaryName('several')
  const count = await work.run(`create temp table ${several} on commit drop as ${severalRows(source, scope)}`)
  if (count) await work.run(`create unique index on ${several} (user_id); analyze ${several}`)
  return valuesSelect(source, scope, count ? several : null, await overridesTable(work, source, scope))
}

async function changedValues(work: Work, source: CatalogSource, scope: string): Promise<() => Promise<void>> {
  const table = temporaryName('next_values')
  const columns = ['user_id', 'row_count', ...tagColumns(source).map((column) => column.column)].join(', ')
  await work.run(`create temp table ${table} on commit drop as ${await valuesOf(work, source, scope)}`)
  return async () => {
    await work.run(`delete from ${source.valuesTable} v using ${scope} s where s.user_id = v.user_id`)
    await work.run(`insert into ${source.valuesTable} (${columns}) select ${columns} from ${table}`)
  }
}

async function changedUsers(work: Work, scope: string): Promise<() => Promise<void>> {
  const table = temporaryName('next_users')
  const columns = ['user_id', 'created_at', 'source_id', ...work.catalog.attributes.map((attribute) => attribute.column)].join(', ')
  const published = work.catalog.sources.some((source) => source.rowsTable)
  if (published) await work.run(`create temp table ${table} on commit drop as ${usersSelect(work.catalog, scope, 'joined_users', await overridesTable(work, null, scope))}`)
  return async () => {
    await work.run(`delete from ${work.catalog.usersTable} u using ${scope} s where s.user_id = u.user_id`)
    if (published) await work.run(`insert into ${work.catalog.usersTable} (${columns}) select ${columns} from ${table}`)
  }
}

/** Decisions that a publication shows itself: those of an entry, or those that it leaves out. */
export type OwnDecisions = { entryId: string } | { undoneBy: string }

/** Users whose hand-set values changed after the mark: their edits were written to tables that this publication replaces. */
export async function catchUp(work: Work, mark: string, own: OwnDecisions | null = null, parts: Parts = allParts(work)): Promise<void> {
  const scope = temporaryName('edited')
  const others = !own ? '' : 'entryId' in own ? ` and entry_id is distinct from ${own.entryId}` : ` and undone_by is distinct from ${own.undoneBy}`
  const count = await work.run(`create temp table ${scope} on commit drop as select distinct user_of(row_number) as user_id from overrides where changed > ${mark} and user_of(row_number) is not null${others}`)
  if (count) await projectInPlace(work, scope, parts)
}

export { attributeSqlType }
