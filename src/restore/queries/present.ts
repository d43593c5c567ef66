import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'

/** What stands in the database before a restore. */
export interface Present {
  /** Names of everything in the schema; empty where nothing is. */
  objects: string[]
  /** It was made by a console. */
  ours: boolean
}

const queueSchema = 'pgboss'

// What belongs to an extension, to a table or to a column goes and comes with it.
const standing = (catalog: string, oid: string) => sql`not exists (select from pg_depend p where p.classid = ${sql.lit(catalog)}::regclass and p.objid = ${sql.ref(oid)} and p.deptype in ('e', 'i', 'a'))`
const here = (column: string) => sql`${sql.ref(column)} = current_schema()::regnamespace`

const objects = sql`
  select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end as kind, quote_ident(relname) as name
    from pg_class c where ${here('c.relnamespace')} and relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${standing('pg_class', 'c.oid')}
  union all select case prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, quote_ident(proname) || '(' || pg_get_function_identity_arguments(f.oid) || ')' from pg_proc f where ${here('f.pronamespace')} and ${standing('pg_proc', 'f.oid')}
  union all select 'collation', quote_ident(collname) from pg_collation l where ${here('l.collnamespace')} and ${standing('pg_collation', 'l.oid')}
  union all select case typtype when 'd' then 'domain' else 'type' end, quote_ident(typname) from pg_type y where ${here('y.typnamespace')} and typtype in ('d', 'e', 'r') and ${standing('pg_type', 'y.oid')}
  union all select 'schema', nspname::text from pg_namespace where nspname = ${sql.lit(queueSchema)}`

/** What does the database hold that a restore would add to? */
export async function findPresent(db: Db): Promise<Present> {
  const { rows } = await sql<{ name: string }>`select kind || ' ' || name as name from (${objects}) o order by 1`.execute(db)
  const { rows: [about] } = await sql<{ ours: boolean }>`select to_regclass('catalog_state') is not null and to_regclass('kysely_migration') is not null as ours`.execute(db)
  return { objects: rows.map((row) => row.name), ours: about?.ours ?? false }
}

/** The console's queue included, which the next start makes anew of its table of jobs. */
export async function dropPresent(trx: Db): Promise<void> {
  const { rows } = await sql<{ kind: string; name: string }>`select kind, name from (${objects}) o`.execute(trx)
  for (const { kind, name } of rows) await sql`drop ${sql.raw(kind)} if exists ${sql.raw(name)} cascade`.execute(trx)
}

/** A name for what a replaced database held, in the words of people. */
export async function describePresent(db: Db): Promise<{ installation: string; users: string; sources: number }> {
  const { rows: [about] } = await sql<{ installation: string | null; users: string; sources: number }>`select (select value #>> '{}' from settings where name = 'installation') as installation, (select user_count::text from catalog_state) as users, (select count(*)::int from sources where removed_at is null) as sources`.execute(db)
  return { installation: about?.installation ?? 'User 360', users: about?.users ?? '0', sources: about?.sources ?? 0 }
}

/** Takes the tables of the migrations out again, with the views of them: they are made as the backup describes them. What else migrations make stays. */
export async function dropTables(trx: Db): Promise<void> {
  for (const [kind, word] of [['v', 'view'], ['r', 'table']] as const) {
    const { rows } = await sql<{ name: string }>`select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = ${kind}`.execute(trx)
    if (rows.length > 0) await sql`drop ${sql.raw(word)} ${sql.join(rows.map(({ name }) => sql.id(name)))}`.execute(trx)
  }
}
