/** A table or view of another database. */
export interface TableRef { schema: string; table: string }

export interface TableColumn {
  name: string
  /** As the database calls it, without its length. */
  type: string
  readable: boolean
}

/** What is known of a table before it is read. */
export interface TableState extends TableRef {
  kind: 'table' | 'view'
  rowsAbout: number
  /** Whether its schema may be entered. */
  usable: boolean
  columns: TableColumn[]
  /** The column that names its rows, where it has one. */
  key: string | null
}

/** A name as SQL takes it, whatever it holds. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function tableSql({ schema, table }: TableRef): string {
  return `${quoteName(schema)}.${quoteName(table)}`
}

/** A table as people write it: crm.members. */
export function tableInWords({ schema, table }: TableRef): string {
  return `${schema}.${table}`
}

/** What whoever runs the other database has to do, so that `columns` (all of them where none are named) can be read. */
export function grantsFor(ref: TableRef, role: string, lacks: { usage: boolean; columns: readonly string[] }): string[] {
  const columns = lacks.columns.length ? ` (${lacks.columns.map(quoteName).join(', ')})` : ''
  return [...(lacks.usage ? [`GRANT USAGE ON SCHEMA ${quoteName(ref.schema)} TO ${quoteName(role)};`] : []), `GRANT SELECT${columns} ON ${tableSql(ref)} TO ${quoteName(role)};`]
}

/** The statements that are missing for a whole table; none where it can be read. */
export function missingGrants(state: TableState, role: string): string[] {
  const some = state.columns.some((column) => column.readable)
  return some && state.usable ? [] : grantsFor(state, role, { usage: !state.usable, columns: [] })
}

const moments: Record<string, string> = { date: 'current_date + 1', timestamp: "(now() at time zone 'UTC') + interval '14 hours'", timestamptz: 'now()' }

/** Can a column tell what changed since? */
export function tellsChange(column: TableColumn): boolean {
  return column.readable && column.type in moments
}

/** SQL: the greatest time in a column, as text. One that lies ahead of the clock does not count: nothing that changes today would come after it. */
export function greatestSql(ref: TableRef, column: TableColumn): string {
  const name = quoteName(column.name)
  return `select max(${name}) filter (where isfinite(${name}) and ${name} <= ${moments[column.type]})::text as greatest from ${tableSql(ref)}`
}

/** SQL: a cell in the form in which imports read it without guessing. */
function cellSql({ name, type }: TableColumn): string {
  const cell = quoteName(name)
  switch (type) {
    case 'timestamptz': return `case when isfinite(${cell}) then (${cell} at time zone 'UTC')::text || 'Z' end`
    case 'timestamp': case 'date': return `case when isfinite(${cell}) then ${cell} end`
    case 'float4': case 'float8': return `nullif(nullif(nullif(${cell}, 'NaN'), 'Infinity'), '-Infinity')`
    case 'numeric': return `nullif(${cell}, 'NaN')`
    case 'money': return `${cell}::numeric`
    case 'bool': return `${cell}::text`
    default: return cell
  }
}

/** SQL: the rows of a table as CSV. `since`: only those whose time is that or later, or none. */
export function copySql(ref: TableRef, columns: readonly TableColumn[], rest: { since?: { column: TableColumn; value: string } | null; limit?: number; header?: boolean } = {}): string {
  const { since, limit, header } = rest
  const changed = since ? ` where ${quoteName(since.column.name)} >= '${since.value.replaceAll("'", "''")}'::${since.column.type} or ${quoteName(since.column.name)} is null` : ''
  const cells = columns.map((column) => `${cellSql(column)} as ${quoteName(column.name)}`)
  return `copy (select ${cells.join(', ')} from ${tableSql(ref)}${changed}${limit ? ` limit ${limit}` : ''}) to stdout (format csv${header ? ', header' : ''})`
}
