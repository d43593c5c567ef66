import { castSql, type CatalogColumn, type CatalogSource } from '../catalog/catalog.ts'
import { createTable } from '../db/create-table.ts'
import { nextTableName } from '../db/table-version.ts'
import type { Work } from '../jobs/work.ts'
import { decidedBy, fieldOf, type Target } from '../catalog/target.ts'
import { tagColumns } from './effective-sql.ts'
import { importedSelect } from './imported-sql.ts'
import { overrideMark, takeProjection } from './lock.ts'
import { currentDecisions, fromStored } from './overrides-sql.ts'
import { addKeys, catchUp, inPlaceAtMost, temporaryName, type OwnDecisions } from './publish.ts'

/** Table `next` (user_id, value) of so many users: what a field shows from now on. */
export interface Changes { next: string; changed: number }

/**
 * What the layers say of one field of the many users of a table, whatever is published: looking that up would take as long as
 * writing it. Every decision about the field is read once, which is quicker than to look for those of each user.
 */
export async function nextValues(work: Work, target: Target, users: string): Promise<Changes> {
  const { catalog } = work
  const field = fieldOf(catalog, target)
  const decided = temporaryName('decided_field')
  await work.run(`create temp table ${decided} on commit drop as select distinct on (c.user_id) c.user_id, c.value from ${currentDecisions(decidedBy(target), null)} c join ${users} s on s.user_id = c.user_id order by c.user_id, c.id desc`)
  await work.run(`analyze ${decided} (user_id)`)
  const next = temporaryName('next_field')
  const changed = await work.run(`create temp table ${next} on commit drop as select s.user_id, case when d.user_id is null then i.value else ${fromStored(field, 'd.value')} end as value
    from ${users} s left join ${decided} d on d.user_id = s.user_id left join (${importedSelect(catalog, users, target)}) i on i.user_id = s.user_id`)
  await work.run(`analyze ${next} (user_id)`)
  return { next, changed }
}

/**
 * Shows changes of one field of many users: few in place in the moment of publication, many in a new version of the table
 * that is copied from the published one, so that edits never wait for them. Part of a job of the data lane; the caller
 * publishes the names. `mark` stands before the decisions, `own` says which of them the changes show already.
 */
export async function projectChanges(work: Work, target: Target, { next, changed }: Changes, mark: string, own: OwnDecisions): Promise<void> {
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

async function copyValues(work: Work, source: CatalogSource, column: CatalogColumn, next: string): Promise<void> {
  const table = await nextTableName(work.context.db, `values_${source.id}`)
  const columns = tagColumns(source)
  const values = columns.map((one) => `${castSql(one.type, one.id === column.id ? `case when n.user_id is null then v.${one.column} else n.value end` : `v.${one.column}`)} as ${one.column}`)
  const others = columns.filter((one) => one.id !== column.id).map((one) => `v.${one.column}`)
  // A user without a row in the source stands in its table only while a value was set by hand.
  const shown = `v.row_count > 0 or n.value is not null${others.length ? ` or num_nonnulls(${others.join(', ')}) > 0` : ''}`
  await createTable(work, table, `select coalesce(v.user_id, n.user_id) as user_id, coalesce(v.row_count, 0) as row_count${values.map((value) => `, ${value}`).join('')}
    from ${source.valuesTable} v full join ${next} n on n.user_id = v.user_id where n.user_id is null or ${shown}`, columns, 16)
  await addKeys(work, table, columns, { from: source.valuesTable as string, changed: column.column })
  work.catalog = { ...work.catalog, sources: work.catalog.sources.map((one) => (one.id === source.id ? { ...one, valuesTable: table } : one)) }
}

async function copyUsers(work: Work, column: string, next: string): Promise<void> {
  const { attributes, usersTable: old } = work.catalog
  const table = await nextTableName(work.context.db, 'users')
  const values = attributes.map((one) => `${castSql(one.type, one.column === column ? `case when n.user_id is null then v.${one.column} else n.value end` : `v.${one.column}`)} as ${one.column}`)
  await work.run(`create table ${table} as select v.user_id, v.created_at, v.source_id, ${values.join(', ')} from ${old} v left join ${next} n on n.user_id = v.user_id`)
  await addKeys(work, table, attributes, { from: old, changed: column })
  work.catalog = { ...work.catalog, usersTable: table }
}
