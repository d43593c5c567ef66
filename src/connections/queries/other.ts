import type { OtherRead } from '../../db/other-database.ts'
import type { TableRef, TableState } from '../table.ts'

const kinds = "case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind"
const tables = `pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`

export interface FoundTable extends TableRef { kind: 'table' | 'view'; rowsAbout: number; readable: boolean }

/** Tables and views whose name or schema holds a text, those that can be read first. Whether a view is readable says nothing of the rights of its owner. */
export async function listTables(read: OtherRead, search: string, limit: number): Promise<FoundTable[]> {
  const rows = await read.rows<{ schema: string; table: string; kind: 'table' | 'view'; rows: string; readable: string }>(
    `select n.nspname as schema, c.relname as "table", ${kinds}, greatest(c.reltuples, 0)::bigint as rows,
        has_schema_privilege(n.oid, 'usage') and (has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select')) as readable
      from ${tables} and strpos(lower(n.nspname || '.' || c.relname), lower($1)) > 0 order by readable desc, 1, 2 limit $2`, [search, limit])
  return rows.map((row) => ({ schema: row.schema, table: row.table, kind: row.kind, rowsAbout: Number(row.rows), readable: row.readable === 't' }))
}

/** A table with its columns in their order; undefined where there is none. */
export async function findTable(read: OtherRead, { schema, table }: TableRef): Promise<TableState | undefined> {
  const [found] = await read.rows<{ oid: string; kind: 'table' | 'view'; rows: string; usable: string; key: string | null }>(
    `select c.oid, ${kinds}, greatest(c.reltuples, 0)::bigint as rows, has_schema_privilege(n.oid, 'usage') as usable,
        (select a.attname from pg_catalog.pg_index i join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where i.indrelid = c.oid and i.indisprimary and i.indnatts = 1) as key
      from ${tables} and n.nspname = $1 and c.relname = $2`, [schema, table])
  if (!found) return undefined
  // A domain is read as what it is made of.
  const columns = await read.rows<{ name: string; type: string; readable: string }>(
    `select a.attname as name, coalesce(b.typname, y.typname) as type, has_column_privilege(a.attrelid, a.attnum, 'select') as readable
      from pg_catalog.pg_attribute a join pg_catalog.pg_type y on y.oid = a.atttypid left join pg_catalog.pg_type b on b.oid = nullif(y.typbasetype, 0)
      where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`, [found.oid])
  return {
    schema, table, kind: found.kind, rowsAbout: Number(found.rows), usable: found.usable === 't', key: found.key,
    columns: columns.map(({ name, type, readable }) => ({ name, type, readable: readable === 't' }))
  }
}

/** Who is connected, to what? The least that a test of a connection asks. */
export async function getServer(read: OtherRead): Promise<{ version: string; role: string }> {
  const [row] = await read.rows<{ version: string; role: string }>(`select current_setting('server_version') as version, current_user as role`)
  return row ?? { version: '', role: '' }
}
