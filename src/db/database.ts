import { Kysely, PostgresDialect, type ColumnType, type Generated } from 'kysely'
import type { Writable } from 'node:stream'
import pg from 'pg'

type Default<T> = ColumnType<T, T | undefined, T>
/** access/grants.ts says what they mean. */
type Level = 'hidden' | 'masked' | 'full'
type Json<T> = ColumnType<T, string, string>
type Time = ColumnType<Date, Date | string, Date | string>
type DefaultTime = ColumnType<Date, Date | string | undefined, Date | string>

export interface Database {
  settings: { name: string; value: Json<unknown>; changed_at: DefaultTime }
  operators: { id: Generated<number>; email: string; name: string; password_hash: string | null; must_change_password: Default<boolean>; disabled_at: Time | null; last_seen_at: Time | null; created_at: DefaultTime; two_step_secret: string | null; two_step_at: Time | null; two_step_last: Default<string>; signed_out_at: Time | null; removed_at: Time | null }
  roles: { id: Generated<number>; name: string; description: Default<string>; administrator: Default<boolean>; permissions: Default<string[]>; needs_two_step: Default<boolean>; is_default: Default<boolean> }
  operator_roles: { operator_id: number; role_id: number }
  source_grants: { role_id: number; source_id: number; otherwise: Default<Level>; row_condition: Json<unknown> | null }
  column_grants: { role_id: number; column_id: number; level: Level }
  attribute_grants: { role_id: number; attribute_id: number; level: Level }
  erasures: {
    id: Generated<number>; user_id: string; numbers: string[] | null; operator_id: number | null; operator_name: string | null; job_id: number | null; rows_erased: Default<number>
    asked_at: DefaultTime; done_at: Time | null; lifted_at: Time | null
  }
  look_ups: { operator_id: number; digest: string; at: DefaultTime }
  tokens: { id: Generated<number>; operator_id: number; name: string; prefix: string; secret_hash: string; permissions: string[]; created_at: DefaultTime; expires_at: Time; last_used_at: Time | null; withdrawn_at: Time | null }
  kept_answers: { token_id: number; key: string; request_digest: string; status: number; body: string; at: DefaultTime }
  invitations: { operator_id: number; token_hash: string; expires_at: Time }
  recovery_codes: { operator_id: number; code_hash: string; used_at: Time | null }
  sessions: { sid: string; sess: Json<unknown>; expire: Time }
  sign_in_failures: { kind: 'account' | 'address'; subject: string; at: DefaultTime }
  catalog_state: { id: Default<number>; version: Default<string>; next_row_number: Default<string>; next_table_version: Default<string>; users_table: Default<string>; user_count: Default<string> }
  id_types: { id: Generated<number>; code: string; name: string; priority: number; single: boolean; enabled: boolean; mapping: boolean; preset: Default<boolean> }
  attributes: { id: Generated<number>; code: string; name: string; type: AttributeType; choices: string[] | null; preset: Default<boolean>; rule: Default<AssignmentRule>; source_order: Default<number[]>; position: number; description: string | null; filter_index: Default<boolean> }
  tag_groups: { id: Generated<number>; parent_id: number | null; name: string; position: Default<number> }
  sources: {
    id: Generated<number>; alias: string; key_column: string; key_id_type: string | null; update_time_column: string | null; file_format: Json<unknown>; structure_pending: Default<boolean>
    rows_table: string | null; identities_table: string | null; values_table: string | null; row_count: Default<string>; user_count: Default<string>; created_by: number | null; created_at: DefaultTime; removing: Default<boolean>; removed_at: Time | null
  }
  source_columns: {
    id: Generated<number>; source_id: number; position: number; name: string; kind: string; type: string; delimiter: string | null; id_type: string | null; encryption: string | null; attribute: string | null; tag_name: string | null; tag_group_id: number | null
    description: string | null; format: string | null; time_zone: string | null; empty_values: Default<string[]>; filter_index: Default<boolean>; pending: Json<unknown> | null
  }
  field_statistics: { field: string; users_covered: string; top_values: Json<{ value: string; count: number }[]>; min_value: string | null; max_value: string | null; computed_at: DefaultTime }
  row_aliases: { row_number: string; user_id: string }
  removed_rows: { row_number: string; source_id: number; source_key: string; anchor: string | null; run_id: number | null; reason: string; created_at: Time; removed_at: DefaultTime }
  refused_joins: { id_type: number; match_key: string; reason: 'single_conflict' | 'shared' | 'placeholder'; conflict_type: number | null; row_count: string; since: DefaultTime }
  mapping_exceptions: { id_type: number; match_key: string; kind: 'exclude' | 'allow'; operator_id: number | null; at: DefaultTime }
  mapping_acts: { entry_id: string; id_type: number; match_key: string; before: 'exclude' | 'allow' | null; after: 'exclude' | 'allow' | null }
  overrides: {
    id: Generated<string>; row_number: string; source_id: number | null; column_id: number | null; attribute_id: number | null; type: string; value: Json<unknown> | null; policy: OverridePolicy | 'source'
    operator_id: number | null; set_at: DefaultTime; ended_by_run: number | null; changed: Generated<string>; entry_id: string | null; undone_by: string | null; source_value: Json<unknown> | null; former: Json<unknown> | null
  }
  override_drift: { override_id: string }
  selections: { id: Generated<string>; operator_id: number; query: string | null; users: Default<string>; created_at: DefaultTime; entry_id: string | null; job_id: number | null }
  selected_users: { selection_id: string; part: string; user_ids: string[] }
  jobs: {
    id: Generated<number>; kind: string; title: string; status: Default<JobStatus>; stage: string | null; done: Default<string>; total: Default<string>; payload: Json<unknown>; result: Json<unknown> | null; error: string | null
    origin: Default<'server' | 'command'>; operator_id: number | null; cancel_requested: Default<boolean>; created_at: DefaultTime; started_at: Time | null; ended_at: Time | null; token_id: number | null
  }
  import_runs: {
    id: Generated<number>; source_id: number; job_id: number; file_name: string; file_path: string | null; file_bytes: Default<string>; whole: Default<boolean>; operator_id: number | null; created_at: DefaultTime; row_time: Time | null
    rows_read: string | null; rows_new: string | null; rows_changed: string | null; rows_unchanged: string | null; rows_rejected: string | null; rows_removed: string | null
    users_new: string | null; users_joined: string | null; users_split: string | null; joins_refused: string | null; before_table: string | null; before_kind: BeforeKind | null
    decisions_kept: string | null; decisions_ended: string | null; decisions_differ: string | null; undone_by: string | null; rows_erased: string | null
    started: Default<'hand' | 'schedule' | 'api' | 'command'>; origin: Json<unknown> | null; mark: Json<unknown> | null
  }
  returned_rows: { run_id: number; row_number: string; anchor: string | null; removed_by: number | null; reason: string; created_at: Time; removed_at: Time }
  uploads: { id: string; file_name: string; path: string; bytes: string; operator_id: number | null; source_id: number | null; options: Json<unknown>; created_at: DefaultTime; origin: Json<unknown> | null }
  rejected_rows: { run_id: number; line: string; reason: string; detail: string; content: string; at: DefaultTime }
  exports: {
    id: Generated<number>; job_id: number; operator_id: number; at: DefaultTime; query: string; items: string[]; bom: boolean; guard: boolean; expected: string
    columns: Json<string[]> | null; sight: Json<unknown> | null; rows: string | null; bytes: string | null; made_at: Time | null; file: string | null
  }
  export_choices: { operator_id: number; items: string[]; bom: boolean; guard: boolean }
  destinations: { id: Generated<number>; name: string; kind: 'kafka' | 'webhook' | 'email' | 'data_bank'; settings: Json<unknown>; secrets: ColumnType<Record<string, string>, string | undefined, string>; created_at: DefaultTime; tested_at: Time | null; test_problem: string | null }
  destination_roles: { destination_id: number; role_id: number }
  unsubscribed_addresses: { digest: Buffer; at: DefaultTime }
  refused_addresses: { destination_id: number; digest: Buffer; reason: string; at: DefaultTime }
  mailed_addresses: { run_id: string; digest: Buffer; user_id: string }
  pushes: {
    id: Generated<number>; audience_id: number | null; audience_name: string; person: string | null; destination_id: number | null; destination_name: string; operator_id: number; created_at: DefaultTime
    id_types: string[]; fields: Json<unknown>; scope: 'whole' | 'change'; hash: 'md5' | 'sha256' | null; message: Json<unknown> | null; paused: string | null; ended_at: Time | null
  }
  push_runs: {
    id: Generated<number>; push_id: number; at: DefaultTime; operator_id: number | null; job_id: number | null; again_of: number | null; state: Default<'waiting' | 'running' | 'done' | 'interrupted' | 'cancelled' | 'skipped'>
    started_at: Time | null; ended_at: Time | null; total: string | null; sent: Default<string>; refused: Default<string>; left_out: Default<string>; counts: ColumnType<Record<string, number>, string | undefined, string>; problem: string | null
    file: string | null; bytes: string | null; made_at: Time | null; sight: Json<unknown> | null
  }
  push_batches: { run_id: number; number: number; change: 'member' | 'came' | 'left'; user_ids: string[] }
  push_failures: { run_id: number; user_id: string; change: 'member' | 'came' | 'left'; reason: string; again_run: number | null }
  pushed_users: { push_id: number; user_id: string }
  alerts: { id: Generated<number>; subject: string; permission: string; message: string; href: string | null; times: Default<number>; raised_at: DefaultTime; last_at: DefaultTime; ended_at: Time | null; ended_by: number | null; mailed_at: Time | null }
  connections: { id: Generated<number>; name: string; host: string; port: number; database: string; username: string; password: string | null; tls: boolean; ca: string | null; created_at: DefaultTime }
  source_origins: { source_id: number; connection_id: number; table_schema: string; table_name: string; reading: Default<'all' | 'whole' | 'changed'>; changed_by: string | null }
  schedules: { id: Generated<number>; kind: string; subject_id: number; schedule: Json<unknown>; next_at: Time | null; last_at: Time | null; operator_id: number | null }
  audience_groups: { id: Generated<number>; parent_id: number | null; name: string }
  audiences: {
    id: Generated<number>; name: string; description: Default<string>; owner_id: number; shared: Default<boolean>; group_id: number | null; kind: AudienceKind; rules: Json<unknown> | null; uses: Default<number[]>
    members_table: string | null; before_table: string | null; size: string | null; came: string | null; went: string | null; built_at: Time | null; built_by: string | null
    ids_found: string | null; ids_missing: string | null; ids_ambiguous: string | null; paused: string | null; job_id: number | null; version: Default<number>; created_at: DefaultTime; changed_at: DefaultTime
  }
  history_entries: { id: Generated<string>; at: DefaultTime; operator_id: number | null; operator_name: string | null; kind: string; title: string; source_id: number | null; run_id: number | null; job_id: number | null; users_affected: string | null; undone_by: string | null; undoes: string | null; fields: Default<string[]>; token_id: number | null }
  history_items: { entry_id: string; item: number; row_number: string | null; table_name: string; column_name: string; field: string | null; old_value: Json<unknown> | null; new_value: Json<unknown> | null }
}

export type AttributeType = 'text' | 'number' | 'date' | 'time' | 'choice'
/** How the members of an audience are found: by conditions, from a list of IDs, or chosen one by one. */
export type AudienceKind = 'rules' | 'ids' | 'picked'
/** Until when a hand-set value stands: for good, or until an import brings a value. */
export type OverridePolicy = 'keep' | 'until_import'
/** What the last run of a source keeps to be taken back. */
export type BeforeKind = 'first' | 'none' | 'rows' | 'version' | 'structure'
export type AssignmentRule = 'latest' | 'earliest' | 'order'
export type JobStatus = 'waiting' | 'running' | 'done' | 'failed' | 'stopped' | 'cancelled'
export type Db = Kysely<Database>

// Dates stay text: a birthday has no time zone, and a Date object would shift it.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/**
 * A connection pool. bigint and numeric arrive as text, as node-postgres gives them: row numbers and counts pass
 * through as strings and are formatted, not computed with.
 */
export function openPool(url: string, options: { max?: number; name?: string; statementTimeout?: number } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url, max: options.max ?? 10, application_name: options.name ?? 'user-360', idleTimeoutMillis: 30_000,
    ...(options.statementTimeout ? { statement_timeout: options.statementTimeout } : {})
  })
  // Without a listener a dropped idle connection (database restart) would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    // So would one that is lost while it is lent: its statements are told, and the pool takes it away.
    client.on('error', () => {})
    sendTogether(client)
  })
  return pool
}

/** Kysely on a pool. Statements that are asked on one connection before the first of them is answered travel together (at-once.ts). */
export function openDatabase(pool: pg.Pool): Db {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: { connect: () => connectPiped(pool), end: () => pool.end(), options: pool.options } }) })
}

/** What is asked in one turn of the event loop leaves in one write: on small machines a write costs more than what it carries. */
function sendTogether(client: pg.PoolClient): void {
  const { connection: { stream } } = client as unknown as { connection: { stream: Writable } }
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  client.query = ((...given: unknown[]) => {
    stream.cork()
    process.nextTick(() => { stream.uncork() })
    const answer = query(...given)
    if (answer instanceof Promise) count(client, answer)
    return answer
  }) as typeof client.query
}

/** How many statements of a client are on their way. */
const unanswered = new WeakMap<pg.PoolClient, number>()

function count(client: pg.PoolClient, answer: Promise<unknown>): void {
  const add = (more: number) => { unanswered.set(client, (unanswered.get(client) ?? 0) + more) }
  add(1)
  answer.then(() => add(-1), () => add(-1))
}

/**
 * A client of the pool that sends statements without waiting for the answers to those before. COPY cannot be sent so, and those who take a
 * client from the pool itself send one statement after another; hence it is so only while it is lent here.
 */
async function connectPiped(pool: pg.Pool): Promise<pg.PoolClient> {
  const client = await pool.connect() as pg.PoolClient & { pipeline: boolean }
  const release = client.release.bind(client)
  client.pipeline = true
  client.release = (error) => {
    client.pipeline = false
    // What is still to be answered would be taken for the answer to something else.
    release(error ?? ((unanswered.get(client) ?? 0) > 0 ? new Error('given back too early') : undefined))
  }
  return client
}

/** Kysely bound to one connection whose transaction the caller began: for work that mixes COPY and queries. */
export function onClient(client: pg.PoolClient): Db {
  const lent = { query: client.query.bind(client), release() {} }
  const pool = { connect: async () => lent, end: async () => {} }
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: pool as unknown as pg.Pool }) })
}
