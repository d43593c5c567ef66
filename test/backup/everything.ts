import pg from 'pg'

/** Everything that a database holds: definitions as the catalog has them, and a digest of the rows of each table. Apart from src/backup on purpose. */
export async function everything(pool: pg.Pool): Promise<Record<string, unknown>> {
  const ask = async (statement: string) => (await pool.query<{ name: string; what: unknown }>(statement)).rows
  const named = async (statement: string) => Object.fromEntries((await ask(statement)).map(({ name, what }) => [name, what]))
  const tables = await tablesOf(pool)
  return {
    tables: await named(`select c.relname as name, json_build_object('kind', c.relkind, 'persistence', c.relpersistence, 'options', c.reloptions, 'replica identity', c.relreplident, 'security', c.relrowsecurity) as what from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind <> 'i' order by 1`),
    columns: await named(`select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'not null', a.attnotnull, 'collation', a.attcollation::regcollation, 'storage', a.attstorage, 'compression', a.attcompression, 'statistics', a.attstattarget, 'identity', a.attidentity,
      'generated', a.attgenerated, 'default', pg_get_expr(d.adbin, d.adrelid)) order by a.attnum) as what from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped group by 1 order by 1`),
    indexes: await named(`select x.relname as name, json_build_object('definition', pg_get_indexdef(x.oid), 'options', x.reloptions, 'primary', i.indisprimary, 'unique', i.indisunique, 'valid', i.indisvalid, 'immediate', i.indimmediate) as what from pg_class x join pg_index i on i.indexrelid = x.oid where x.relnamespace = current_schema()::regnamespace order by 1`),
    constraints: await named(`select c.relname || ': ' || k.conname as name, json_build_object('kind', k.contype, 'definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated, 'deferrable', k.condeferrable) as what from pg_constraint k join pg_class c on c.oid = k.conrelid where c.relnamespace = current_schema()::regnamespace order by 1`),
    sequences: await named(`select sequencename as name, to_json(s) as what from pg_sequences s where schemaname = current_schema() order by 1`),
    sequenceOwners: await named(`select q.relname as name, d.refobjid::regclass || '.' || d.refobjsubid || d.deptype::text as what from pg_class q join pg_depend d on d.objid = q.oid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass where q.relkind = 'S' order by 1`),
    views: await named(`select viewname as name, definition as what from pg_views where schemaname = current_schema() order by 1`),
    functions: await named(`select p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as what from pg_proc p where p.pronamespace = current_schema()::regnamespace order by 1`),
    collations: await named(`select collname as name, json_build_object('provider', collprovider, 'locale', colllocale, 'deterministic', collisdeterministic) as what from pg_collation where collnamespace = current_schema()::regnamespace order by 1`),
    types: await named(`select typname as name, typtype::text as what from pg_type where typnamespace = current_schema()::regnamespace and typtype not in ('c') and typelem = 0 order by 1`),
    rows: Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await rowsOf(pool, table)] as const)))
  }
}

export async function tablesOf(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(`select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'f', 'm') order by 1`)
  return rows.map(({ name }) => name)
}

/** Versions of tables that nobody reads any more. */
export async function retiredOf(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('select name from retired_tables')
  return rows.map(({ name }) => name)
}

/** Every row as PostgreSQL writes it, sorted; of large tables only their digest. */
async function rowsOf(pool: pg.Pool, table: string): Promise<unknown> {
  const { rows: [found] } = await pool.query<{ count: string; digest: string; lines: string[] | null }>(`select count(*) as count, md5(string_agg(r::text, E'\\n' order by r::text collate "C")) as digest, case when count(*) <= 50 then array_agg(r::text order by r::text collate "C") end as lines from ${pg.escapeIdentifier(table)} r`)
  return found
}
