import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { SequenceState, TableDefinition, ViewDefinition } from '../manifest.ts'

const inSchema = (column: string) => sql`${sql.ref(column)} = current_schema()::regnamespace`
// Names and types stand as SQL that means the same wherever the schema of the console comes first.
const collation = sql`case when n.oid = current_schema()::regnamespace then quote_ident(l.collname) else quote_ident(n.nspname) || '.' || quote_ident(l.collname) end`
const sequence = sql`json_build_object('name', q.relname, 'type', format_type(s.seqtypid, null), 'start', s.seqstart::text, 'increment', s.seqincrement::text, 'least', s.seqmin::text, 'most', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle)`

const columns = sql`(select json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'generated', a.attgenerated, 'identity', a.attidentity,
    'collation', (select ${collation} from pg_collation l join pg_namespace n on n.oid = l.collnamespace where l.oid = a.attcollation and a.attcollation <> t.typcollation),
    'default', (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum),
    'sequence', (select ${sequence} from pg_depend p join pg_class q on q.oid = p.objid join pg_sequence s on s.seqrelid = q.oid where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.refobjid = a.attrelid and p.refobjsubid = a.attnum and p.deptype = 'i'),
    'storage', case when a.attstorage <> t.typstorage then case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end end,
    'compression', case a.attcompression when 'l' then 'lz4' when 'p' then 'pglz' end, 'statistics', a.attstattarget
  ) order by a.attnum) from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`

const constraints = sql`(select json_agg(json_build_object('name', k.conname, 'kind', k.contype, 'definition', pg_get_constraintdef(k.oid)) order by k.contype, k.conname) from pg_constraint k where k.conrelid = c.oid)`

const indexes = sql`(select json_agg(replace(pg_get_indexdef(i.indexrelid), format(' ON %I.%I USING ', c.relnamespace::regnamespace::name, c.relname), format(' ON %I USING ', c.relname)) order by x.relname)
  from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisvalid and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')))`

/** Every table of the schema with its definition, but for versions of tables that nobody reads any more. */
export async function describeTables(db: Db): Promise<TableDefinition[]> {
  const { rows } = await sql<TableDefinition>`select c.relname as name, c.relpersistence = 'u' as unlogged, coalesce(c.reloptions, '{}') as options, coalesce(${columns}, '[]') as columns, coalesce(${constraints}, '[]') as constraints, coalesce(${indexes}, '[]') as indexes
    from pg_class c where ${inSchema('c.relnamespace')} and c.relkind = 'r' and c.relname not in (select name from retired_tables) order by c.relname`.execute(db)
  return rows
}

/** Every view of the schema: it has no rows, but goes with the tables that it shows. */
export async function describeViews(db: Db): Promise<ViewDefinition[]> {
  const { rows } = await sql<ViewDefinition>`select c.relname as name, coalesce(c.reloptions, '{}') as options, pg_get_viewdef(c.oid) as definition from pg_class c where ${inSchema('c.relnamespace')} and c.relkind = 'v' order by c.oid`.execute(db)
  return rows
}

/** Sequences that belong to no column. */
export async function describeSequences(db: Db): Promise<SequenceState[]> {
  const { rows } = await sql<{ sequence: SequenceState }>`select ${sequence} as sequence from pg_sequence s join pg_class q on q.oid = s.seqrelid
    where ${inSchema('q.relnamespace')} and not exists (select from pg_depend p where p.classid = 'pg_class'::regclass and p.objid = q.oid and p.deptype in ('i', 'e')) order by q.relname`.execute(db)
  return rows.map((row) => row.sequence)
}

/** Where a sequence stands. What is read after a snapshot is never less than what the rows of the snapshot use. */
export async function readSequence(db: Db, name: string): Promise<{ last: string; called: boolean }> {
  const { rows: [state] } = await sql<{ last: string; called: boolean }>`select last_value::text as last, is_called as called from ${sql.id(name)}`.execute(db)
  if (!state) throw new Error(`the sequence ${name} has no state`)
  return state
}

/** What a definition does not hold: a backup that left it out without a word would not bring back what there was. */
export async function listUndescribed(db: Db): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`with t as (select c.oid, c.relname from pg_class c where ${inSchema('c.relnamespace')} and c.relkind = 'r')
    select 'the trigger ' || g.tgname || ' of ' || relname as what from t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
    union all select 'a policy of ' || relname from t join pg_policy p on p.polrelid = t.oid
    union all select 'a rule of ' || relname from t join pg_rewrite r on r.ev_class = t.oid
    union all select 'the inheritance of ' || relname from t join pg_inherits h on t.oid in (h.inhrelid, h.inhparent)
    union all select 'the statistics ' || s.stxname || ' of ' || relname from t join pg_statistic_ext s on s.stxrelid = t.oid
    union all select 'the table ' || c.relname || ' that is kept in parts or elsewhere' from pg_class c where ${inSchema('c.relnamespace')} and c.relkind in ('p', 'f', 'm')`.execute(db)
  return rows.map((row) => row.what)
}
