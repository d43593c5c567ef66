import pg from 'pg'
import { tablesOf } from '../backup/everything.ts'

/** What changes without anybody having changed anything, each with its reason. */
const passing: Record<string, string> = {
  sessions: 'who is signed in, and the notice that the next page shows',
  sign_in_failures: 'how often an address has tried: the rate limit of passwords, codes and links',
  look_ups: 'how many masked IDs an operator has looked for: the rate limit of that'
}
/** Columns of the same kind. */
const passingColumns: Record<string, { column: string; because: string }> = { operators: { column: 'last_seen_at', because: 'who is there' }, tokens: { column: 'last_used_at', because: 'which programs are at work' } }

/** The whole database as it was, to be held against it later and to be put back. */
export interface Kept {
  /** The tables that are not as they were; none where nothing changed. */
  changed(): Promise<string[]>
  /** Is this in a row of one of these tables that was not there before? */
  holds(tables: readonly string[], text: string): Promise<boolean>
  /** Makes these tables what they were. Numbers that were given away stay given away. */
  putBack(tables: readonly string[]): Promise<void>
}

type Test = { teardown(fn: () => unknown): unknown }

/** Keeps a copy of every row of the database, in a schema of its own. */
export async function keepDatabase(t: Test, pool: pg.Pool): Promise<Kept> {
  // One connection, so that what is asked again and again is planned once.
  const client = await pool.connect()
  t.teardown(() => { client.release() })
  const tables = (await tablesOf(pool)).filter((name) => !(name in passing))
  await client.query(`create schema kept; create sequence kept.versions start 1000000; ${tables.map((name) => `create table kept.${quoted(name)} as table ${quoted(name)}`).join('; ')}`)
  const sumsNow = async () => new Map((await client.query<[string, string]>({ name: 'sums', text: tables.map(sumOf).join(' union all '), rowMode: 'array' })).rows)
  // It changes with every transaction that has written anything, anywhere on the server.
  const lastWrite = async () => (await client.query<[string]>({ name: 'last-write', text: 'select pg_snapshot_xmax(pg_current_snapshot())::text', rowMode: 'array' })).rows[0]![0]
  const columns = new Map((await client.query<[string, string]>({ text: `select attrelid::regclass::text, string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = any ($1::regclass[]) and attnum > 0 and not attisdropped group by 1`, values: [tables.map(quoted)], rowMode: 'array' })).rows.map(([name, list]) => [name.replaceAll('"', ''), list]))
  let sums = await sumsNow()
  let written = await lastWrite()

  return {
    async changed() {
      const now = await lastWrite()
      if (now === written) return []
      const after = await sumsNow()
      const names = tables.filter((name) => sums.get(name) !== after.get(name))
      if (names.length === 0) {
        written = now
        const others = (await tablesOf(pool)).filter((name) => !(name in passing) && !tables.includes(name))
        if (others.length) throw new Error(`tables came: ${others.join(', ')}`)
      }
      return names
    },
    async holds(names, text) {
      const { rows } = await client.query<{ any: boolean }>(names.map((name) => `select exists (select from (select to_jsonb(n)::text as row from ${quoted(name)} n except select to_jsonb(k)::text from kept.${quoted(name)} k) r where position($1 in r.row) > 0) as any`).join(' union all '), [text])
      return rows.some(({ any }) => any)
    },
    async putBack(names) {
      for (const name of names) await putShapeBack(client, name)
      // Foreign keys hold again when all rows are there again. What the console keeps in memory of the catalog goes by its version, which must not come twice.
      await client.query(`begin; set local session_replication_role = replica; ${names.map((name) => `delete from ${quoted(name)}; insert into ${quoted(name)} (${columns.get(name)!}) overriding system value select ${columns.get(name)!} from kept.${quoted(name)}`).join('; ')};
        ${names.includes('catalog_state') ? `update catalog_state set version = nextval('kept.versions');` : ''} commit`)
      if (names.includes('catalog_state')) sums = new Map([...sums, (await client.query<[string, string]>({ text: sumOf('catalog_state'), rowMode: 'array' })).rows[0]!])
      written = await lastWrite()
    }
  }
}

/** A new attribute is a new column, and one that is gone takes its own with it. */
async function putShapeBack(client: pg.PoolClient, name: string): Promise<void> {
  const { rows } = await client.query<{ change: string }>(`select coalesce('drop column ' || quote_ident(n.attname), 'add column ' || quote_ident(k.attname) || ' ' || format_type(k.atttypid, k.atttypmod)) as change
    from (select * from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped) n full join (select * from pg_attribute where attrelid = $2::regclass and attnum > 0 and not attisdropped) k on k.attname = n.attname where n.attname is null or k.attname is null`, [quoted(name), `kept.${quoted(name)}`])
  if (rows.length) await client.query(`alter table ${quoted(name)} ${rows.map(({ change }) => change).join(', ')}`)
}

/** Number and digest of the rows of a table, in whatever order they and their columns lie. */
function sumOf(name: string): string {
  const left = passingColumns[name]
  return `select ${pg.escapeLiteral(name)} as name, count(*) || ' ' || coalesce(sum(hashtextextended((to_jsonb(r)${left ? ` - '${left.column}'` : ''})::text, 0)::numeric), 0) as sum from ${quoted(name)} r`
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name)
}
