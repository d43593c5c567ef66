import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../../db/database.ts'
import type { Writer } from '../../projection/in-place.ts'
import { heldNumbers, toStored } from '../../projection/overrides-sql.ts'
import { decidedBy, fieldOf, refOf, type Target } from '../../catalog/target.ts'

/** A decision belongs to the user that holds its row number now. */
const holder = `case when r.row_number is null then coalesce(a.user_id, o.row_number) else user_of(o.row_number) end`
const joins = 'left join row_aliases a on a.row_number = o.row_number left join removed_rows r on r.row_number = o.row_number'

/** A return to the source says what the source said. */
const decidedValue = `case when o.policy = 'source' then o.source_value else o.value end`

export interface Undoing { table: string; undone: number; skipped: number }

/**
 * Which decisions of an entry about one target can be taken back? Those that nothing came after: no later decision about
 * the same user and field that still stands, and no run that ended them. Leaves them in a table of the transaction (id, user_id, row_number, before: what they say).
 * Of few users every number is looked up; for `many`, every later decision about the field is read once.
 */
export async function findUndoable(writer: Writer, entryId: string, target: Target, many: boolean): Promise<Undoing> {
  const { fields: [field] } = decidedBy(target)
  const table = `undoing_${target.attribute ? 'a' : 'c'}${field?.id}`
  const column = target.attribute ? 'attribute_id' : 'column_id'
  await writer.run(`create temp table ${table}_all on commit drop as select o.id, ${holder} as user_id, o.row_number, ${decidedValue} as before, o.ended_by_run
    from overrides o ${joins} where o.entry_id = ${entryId} and o.${column} = ${field?.id} and o.undone_by is null`)
  await writer.run(`analyze ${table}_all (id, user_id)`)
  const later = `o.${column} = ${field?.id} and o.undone_by is null and o.id > (select min(id) from ${table}_all) and o.entry_id is distinct from ${entryId}`
  await writer.run(`create temp table ${table}_later on commit drop as ${many
    ? `select ${holder} as user_id, max(o.id) as id from overrides o ${joins} where ${later} group by 1`
    : `select h.user_id, max(o.id) as id from ${heldNumbers(`(select distinct user_id from ${table}_all where user_id is not null)`)} h join overrides o on o.row_number = h.n where ${later} group by 1`}`)
  await writer.run(`create temp table ${table} on commit drop as
    select t.id, t.user_id, t.row_number, t.before from ${table}_all t where t.ended_by_run is null and not exists (select from ${table}_later l where l.user_id = t.user_id and l.id > t.id)`)
  await writer.run(`analyze ${table} (id, user_id)`)
  const [found] = await writer.rows<{ undone: string; left: string }>(`select (select count(distinct user_id) from ${table}) as undone, count(distinct t.user_id) as left from ${table}_all t where not exists (select from ${table} u where u.id = t.id)`)
  return { table, undone: Number(found?.undone ?? 0), skipped: Number(found?.left ?? 0) }
}

/** The users of a table of decisions as a table of their own, for work on many of them. */
export async function keepUsersOf(writer: Writer, table: string): Promise<string> {
  await writer.run(`create temp table ${table}_users on commit drop as select distinct user_id from ${table} where user_id is not null`)
  await writer.run(`analyze ${table}_users`)
  return `${table}_users`
}

/** Leaves the decisions of the table out from now on. */
export async function setUndone(writer: Writer, table: string, byEntry: string): Promise<void> {
  await writer.run(`update overrides o set undone_by = $1, changed = nextval('override_changes') from ${table} t where t.id = o.id`, [byEntry])
}

/** Columns and attributes that an entry decided about. */
export async function listDecidedFields(writer: Writer, entryId: string): Promise<{ columnId: number | null; attributeId: number | null }[]> {
  return writer.rows('select distinct column_id as "columnId", attribute_id as "attributeId" from overrides where entry_id = $1 order by 1, 2', [entryId])
}

/** The users that an entry decided about, as far as they are known now. */
export async function listDecidedUsers(db: Db, entryId: string): Promise<string[]> {
  const { rows } = await sql<{ user: string }>`select distinct user_of(row_number) as "user" from overrides where entry_id = ${entryId}::bigint and user_of(row_number) is not null order by 1`.execute(db)
  return rows.map((row) => row.user)
}

/** SQL (row_number, field, old_value, new_value): what an undo changed, once it shows; or by the table `next` (user_id, value) of what will be shown. */
export function undoneItems({ catalog }: Pick<Writer, 'catalog'>, target: Target, table: string, next: string | null = null): string {
  if (target.source?.valuesTable === null) return `select t.row_number, '${refOf(target)}' as field, t.before as old_value, null::jsonb as new_value from ${table} t`
  const field = fieldOf(catalog, target)
  const value = next ? 'v.value' : `v.${field.column}`
  return `select t.row_number, '${refOf(target)}' as field, t.before as old_value, ${toStored(field, value)} as new_value from ${table} t left join ${next ?? field.table} v on v.user_id = t.user_id`
}

/** Two requests to take back the same act by a job come one after another. */
export async function lockUndo(trx: Transaction<Database>, entryId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashint8extended(${entryId}::bigint, 360005))`.execute(trx)
}

/** A writer whose statements may take so long all together; what is at work then is ended (57014). */
export function within(writer: Writer, milliseconds: number): Writer {
  const end = Date.now() + milliseconds
  const hurry = () => writer.run(`set local statement_timeout = ${Math.max(1, end - Date.now())}`)
  return {
    ...writer,
    async run(statement, values) { await hurry(); return writer.run(statement, values) },
    async rows<R>(statement: string, values?: unknown[]) { await hurry(); return writer.rows<R>(statement, values) }
  }
}
