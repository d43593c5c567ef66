import { sqlType, type CatalogColumn, type CatalogSource } from '../catalog/catalog.ts'
import { nextTableName } from '../db/table-version.ts'
import type { Work } from '../jobs/work.ts'
import { fieldOf, type Target } from '../catalog/target.ts'
import { severalRows, tagColumns, usersSelect, valuesSelect } from './effective-sql.ts'
import { overrideMark, takeProjection } from './lock.ts'
import { overrideDocuments } from './overrides-sql.ts'
import { addKeys, catchUp, inPlaceAtMost, temporaryName, type OwnDecisions } from './publish.ts'

/** What a field shows from now on: table `next` (user_id, value) of those who show something else, and of all who were asked for. */
export interface Changes { next: string; changed: number; all: string }

/** What the layers say of one field of the users in a table, beside what is published. */
export async function findChanges(work: Work, target: Target, users: string): Promise<Changes> {
  const all = await nextValues(work, target, users)
  const { table, column, type } = fieldOf(work.catalog, target)
  // 2.50 is not shown as 2.5, though both are equal.
  const shown = (value: string) => (type === 'number' ? `${value}::text` : value)
  const next = temporaryName('changes')
  const changed = await work.run(`create temp table ${next} on commit drop as select n.user_id, n.value from ${all} n left join ${table} v on v.user_id = n.user_id where ${shown('n.value')} is distinct from ${shown(`v.${column}`)}`)
  await work.run(`create unique index on ${next} (user_id); analyze ${next}`)
  return { next, changed, all }
}

/**
 * Shows changes of one field of many users: few in place in the moment of publication, many in a new version of the table
 * that is copied from the published one, so that edits never wait for them. Part of a job of the data lane; the caller
 * publishes the names. `mark` stands before the decisions, `own` says which of them the changes show already.
 */
export async function projectChanges(work: Work, target: Target, { next, changed }: Pick<Changes, 'next' | 'changed'>, mark: string, own: OwnDecisions): Promise<void> {
  if (changed === 0) return
  let since = mark
  if (changed <= inPlaceAtMost) {
    await takeProjection(work.db)
    await writeInPlace(work, target, next)
  } else {
    await (target.source ? copyValues(work, target.source, target.column, next) : copyUsers(work, target.attribute.column, next))
    await work.context.check()
    // Most of what was edited meanwhile is written to the new table now, so that little is left for the moment in which edits wait.
    since = await overrideMark(work.db)
    await catchUp(work, mark, own, { sources: work.catalog.sources.filter((source) => source.id === target.source?.id), users: !target.source })
    await takeProjection(work.db)
  }
  await catchUp(work, since, own)
}

async function writeInPlace({ run, catalog }: Work, target: Target, next: string): Promise<void> {
  const { table, column } = fieldOf(catalog, target)
  await run(`update ${table} v set ${column} = n.value from ${next} n where n.user_id = v.user_id`)
  if (!target.source) return
  // A user without a row in the source stands in its table only while a value was set by hand.
  await run(`delete from ${table} v using ${next} n where n.user_id = v.user_id and v.row_count = 0 and num_nonnulls(${tagColumns(target.source).map((one) => `v.${one.column}`).join(', ')}) = 0`)
  await run(`insert into ${table} (user_id, row_count, ${column}) select n.user_id, 0, n.value from ${next} n where n.value is not null and not exists (select from ${table} v where v.user_id = n.user_id)`)
}

/** Table (user_id, value): what the field shows from now on. */
async function nextValues(work: Work, target: Target, scope: string): Promise<string> {
  const table = temporaryName('next_field')
  const field = fieldOf(work.catalog, target)
  if (target.source) {
    const alone: CatalogSource = { ...target.source, columns: [target.column] }
    const several = temporaryName('several')
    const doubled = await work.run(`create temp table ${several} on commit drop as ${severalRows(target.source, scope)}`)
    await work.run(`analyze ${several}`)
    await work.run(`create temp table ${table} on commit drop as select user_id, ${field.column} as value from (${valuesSelect(alone, scope, doubled ? several : null, `(${overrideDocuments({ sourceId: target.source.id, fields: [target.column] }, scope)})`)}) n`)
  } else {
    const alone = { ...work.catalog, attributes: [target.attribute] }
    const joined = `(select distinct a.user_id from row_aliases a where a.user_id in (select user_id from ${scope}))`
    await work.run(`create temp table ${table} on commit drop as select user_id, ${field.column} as value from (${usersSelect(alone, scope, joined, `(${overrideDocuments({ sourceId: null, fields: [target.attribute] }, scope)})`)}) n`)
  }
  // Whoever shows nothing any more is in the scope, but not in what the layers say.
  await work.run(`insert into ${table} select user_id, null from ${scope} s where not exists (select from ${table} n where n.user_id = s.user_id)`)
  await work.run(`create unique index on ${table} (user_id); analyze ${table}`)
  return table
}

async function copyValues(work: Work, source: CatalogSource, column: CatalogColumn, next: string): Promise<void> {
  const table = await nextTableName(work.context.db, `values_${source.id}`)
  const columns = tagColumns(source)
  const old = source.valuesTable as string
  await work.run(`create table ${table} (user_id bigint, row_count int${columns.map((one) => `, ${one.column} ${sqlType(one.type)}`).join('')})`)
  const values = columns.map((one) => (one.id === column.id ? `case when n.user_id is null then v.${one.column} else n.value end` : `v.${one.column}`))
  const others = columns.filter((one) => one.id !== column.id).map((one) => `v.${one.column}`)
  await work.run(`insert into ${table} select v.user_id, v.row_count${values.map((value) => `, ${value}`).join('')} from ${old} v left join ${next} n on n.user_id = v.user_id
    where v.row_count > 0 or n.value is not null or n.user_id is null${others.length ? ` or num_nonnulls(${others.join(', ')}) > 0` : ''}`)
  await work.run(`insert into ${table} (user_id, row_count, ${column.column}) select n.user_id, 0, n.value from ${next} n where n.value is not null and not exists (select from ${old} v where v.user_id = n.user_id)`)
  await addKeys(work, table, columns)
  work.catalog = { ...work.catalog, sources: work.catalog.sources.map((one) => (one.id === source.id ? { ...one, valuesTable: table } : one)) }
}

async function copyUsers(work: Work, column: string, next: string): Promise<void> {
  const { attributes, usersTable: old } = work.catalog
  const table = await nextTableName(work.context.db, 'users')
  await work.run(`create table ${table} (user_id bigint, created_at timestamptz not null, source_id int not null${attributes.map((one) => `, ${one.column} ${sqlType(one.type)}`).join('')})`)
  const values = attributes.map((one) => (one.column === column ? `case when n.user_id is null then v.${one.column} else n.value end` : `v.${one.column}`))
  await work.run(`insert into ${table} select v.user_id, v.created_at, v.source_id, ${values.join(', ')} from ${old} v left join ${next} n on n.user_id = v.user_id`)
  await addKeys(work, table, attributes)
  work.catalog = { ...work.catalog, usersTable: table }
}
