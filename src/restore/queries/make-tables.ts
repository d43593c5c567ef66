import { sql } from 'kysely'
import { storedColumns, type ColumnDefinition, type SequenceState, type TableDefinition, type ViewDefinition } from '../../backup/manifest.ts'
import type { Db } from '../../db/database.ts'
import { inlineValues } from '../../db/inline-values.ts'
import type { Sql } from '../../db/sql.ts'

/** Makes a table with its columns, not yet its indexes and constraints: rows come in sooner without them. */
export async function createTable(trx: Db, table: TableDefinition): Promise<void> {
  const filled = table.constraints.filter(({ kind }) => kind === 'n').map(constraint)
  await sql`create ${sql.raw(table.unlogged ? 'unlogged' : '')} table ${sql.id(table.name)} (${sql.join([...table.columns.map(column), ...filled])}) ${sql.raw(table.options.length ? `with (${table.options.join(', ')})` : '')}`.execute(trx)
  const set = table.columns.flatMap((one) => [
    ...(one.storage ? [sql`alter column ${sql.id(one.name)} set storage ${sql.raw(one.storage)}`] : []),
    ...(one.statistics === null ? [] : [sql`alter column ${sql.id(one.name)} set statistics ${sql.lit(one.statistics)}`])
  ])
  if (set.length > 0) await sql`alter table ${sql.id(table.name)} ${sql.join(set)}`.execute(trx)
}

function column(one: ColumnDefinition): Sql {
  const parts = [sql`${sql.id(one.name)} ${sql.raw(one.type)}`]
  if (one.compression) parts.push(sql`compression ${sql.raw(one.compression)}`)
  if (one.collation) parts.push(sql`collate ${sql.raw(one.collation)}`)
  if (one.generated) parts.push(sql`generated always as (${sql.raw(one.default ?? '')}) ${sql.raw(one.generated === 's' ? 'stored' : 'virtual')}`)
  else if (one.default) parts.push(sql`default ${sql.raw(one.default)}`)
  if (one.identity && one.sequence) parts.push(sql`generated ${sql.raw(one.identity === 'a' ? 'always' : 'by default')} as identity (sequence name ${sql.id(one.sequence.name)} ${options(one.sequence)})`)
  return sql.join(parts, sql` `)
}

const options = (sequence: SequenceState) => sql.raw(`start with ${sequence.start} increment by ${sequence.increment} minvalue ${sequence.least} maxvalue ${sequence.most} cache ${sequence.cache} ${sequence.cycle ? 'cycle' : 'no cycle'}`)

const constraint = ({ name, definition }: TableDefinition['constraints'][number]) => sql`constraint ${sql.id(name)} ${sql.raw(definition)}`

/** The statement that takes the rows of a table which was made in the same transaction. */
export function copyInStatement(table: TableDefinition): string {
  return inlineValues(sql`copy ${sql.id(table.name)} (${sql.join(storedColumns(table).map((name) => sql.id(name)))}) from stdin (freeze)`)
}

/** Keys and indexes, once the rows are there. */
export async function addIndexes(trx: Db, table: TableDefinition): Promise<void> {
  const keys = table.constraints.filter(({ kind }) => !['n', 'f'].includes(kind))
  if (keys.length > 0) await sql`alter table ${sql.id(table.name)} ${sql.join(keys.map((one) => sql`add ${constraint(one)}`))}`.execute(trx)
  for (const index of table.indexes) await sql.raw(index).execute(trx)
}

/** What refers to the keys of other tables, once all of them are there. */
export async function addReferences(trx: Db, table: TableDefinition): Promise<void> {
  const references = table.constraints.filter(({ kind }) => kind === 'f')
  if (references.length > 0) await sql`alter table ${sql.id(table.name)} ${sql.join(references.map((one) => sql`add ${constraint(one)}`))}`.execute(trx)
}

export async function addView(trx: Db, view: ViewDefinition): Promise<void> {
  await sql`create view ${sql.id(view.name)} ${sql.raw(view.options.length ? `with (${view.options.join(', ')})` : '')} as ${sql.raw(view.definition)}`.execute(trx)
}

export async function addSequence(trx: Db, sequence: SequenceState): Promise<void> {
  await sql`create sequence if not exists ${sql.id(sequence.name)} as ${sql.raw(sequence.type)} ${options(sequence)}`.execute(trx)
}

export async function setSequence(trx: Db, sequence: SequenceState): Promise<void> {
  await sql`select setval(quote_ident(${sequence.name})::regclass, ${sequence.last}::bigint, ${sequence.called})`.execute(trx)
}

/** Files of exports and matching files are in no backup: no page shall offer them. An older console did not know every table. */
export async function forgetFiles(trx: Db, tables: readonly TableDefinition[]): Promise<void> {
  for (const named of ['exports', 'push_runs']) if (tables.some(({ name }) => name === named)) await sql`update ${sql.table(named)} set file = null where file is not null`.execute(trx)
}

export async function analyze(trx: Db, tables: readonly TableDefinition[]): Promise<void> {
  await sql`analyze ${sql.join(tables.map(({ name }) => sql.id(name)))}`.execute(trx)
}
