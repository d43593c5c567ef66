import { sql, type Transaction } from 'kysely'
import { noRow, readCondition, type Condition } from '../catalog/condition.ts'
import type { AudienceKind, Database, Db } from '../db/database.ts'
import { NotFound } from '../problem.ts'
import { noAudience, type Audience, type Details } from './audience.ts'

function selectAudiences(db: Db) {
  return db.selectFrom('audiences as a').innerJoin('operators as o', 'o.id', 'a.owner_id').leftJoin('jobs as j', 'j.id', 'a.job_id')
    .selectAll('a').select(['o.name as owner', 'o.disabled_at', 'o.removed_at', 'j.status', 'j.stage', 'j.done', 'j.total', 'j.error'])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectAudiences>['executeTakeFirstOrThrow']>>

const count = (text: string | null) => (text === null ? null : Number(text))

function toAudience(row: Row): Audience {
  return {
    id: row.id, name: row.name, description: row.description, owner: { id: row.owner_id, name: row.owner, gone: row.removed_at ? 'removed' : row.disabled_at ? 'switched off' : '' }, shared: row.shared, groupId: row.group_id, kind: row.kind,
    // What cannot be read any more lets nobody in.
    rules: row.rules === null ? null : readCondition(row.rules) ?? noRow,
    size: count(row.size), came: count(row.came), went: count(row.went), builtAt: row.built_at, builtBy: row.built_by,
    ids: row.ids_found === null ? null : { found: Number(row.ids_found), missing: Number(row.ids_missing), ambiguous: Number(row.ids_ambiguous) },
    paused: row.paused, version: row.version,
    job: row.job_id === null || row.status === null ? null : { id: row.job_id, status: row.status, stage: row.stage, done: Number(row.done), total: Number(row.total), error: row.error }
  }
}

/** Audiences by their numbers, by name: those that an Access names. */
export async function listAudiences(db: Db, ids: readonly number[]): Promise<Audience[]> {
  if (ids.length === 0) return []
  return (await selectAudiences(db).where('a.id', '=', sql<number>`any (${[...ids]}::int[])`).orderBy('a.name').orderBy('a.id').execute()).map(toAudience)
}

/** The private audiences of an operator, by name. */
export async function listPrivate(db: Db, ownerId: number): Promise<Audience[]> {
  return (await selectAudiences(db).where('a.owner_id', '=', ownerId).where('a.shared', '=', false).orderBy('a.name').orderBy('a.id').execute()).map(toAudience)
}

export async function findAudience(db: Db, id: number): Promise<Audience | undefined> {
  const row = await selectAudiences(db).where('a.id', '=', id).executeTakeFirst()
  return row && toAudience(row)
}

/** The same, held until the transaction ends, so that it is not built, changed or deleted meanwhile. */
export async function lockAudience(trx: Db, id: number): Promise<Audience> {
  const held = await trx.selectFrom('audiences').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  const audience = held && (await findAudience(trx, id))
  if (!audience) throw new NotFound(noAudience)
  return audience
}

/** Holds all of them, so that two changes together cannot make rules that go in a circle. */
export async function lockAudiences(trx: Transaction<Database>): Promise<void> {
  await sql`lock table audiences in share row exclusive mode`.execute(trx)
}

export async function insertAudience(trx: Transaction<Database>, { details, ownerId, kind, rules, uses }: { details: Details; ownerId: number; kind: AudienceKind; rules: Condition | null; uses: number[] }): Promise<number> {
  const { id } = await trx.insertInto('audiences').values({
    name: details.name, description: details.description, shared: details.shared, group_id: details.groupId, owner_id: ownerId, kind, rules: rules && JSON.stringify(rules), uses
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function setAudience(trx: Transaction<Database>, id: number, details: Details, asked: { rules: Condition | null; uses: number[] }): Promise<void> {
  await trx.updateTable('audiences').set({
    name: details.name, description: details.description, shared: details.shared, group_id: details.groupId, rules: asked.rules && JSON.stringify(asked.rules), uses: asked.uses,
    version: sql`version + 1`, changed_at: sql`now()`
  }).where('id', '=', id).execute()
}

/** Has this owner another audience of this name, whatever its case? */
export async function isNameTaken(db: Db, ownerId: number, name: string, exceptId: number | null): Promise<boolean> {
  let query = db.selectFrom('audiences').select('id').where('owner_id', '=', ownerId).where(sql`lower(name)`, '=', name.toLowerCase())
  if (exceptId !== null) query = query.where('id', '<>', exceptId)
  return (await query.executeTakeFirst()) !== undefined
}

/** Gives it to another operator. What was counted under the eyes of the one before is forgotten. */
export async function setOwner(trx: Transaction<Database>, id: number, ownerId: number): Promise<void> {
  await trx.updateTable('audiences').set({ owner_id: ownerId, size: null, came: null, went: null, ids_found: null, ids_missing: null, ids_ambiguous: null, paused: null, version: sql`version + 1`, changed_at: sql`now()` }).where('id', '=', id).execute()
}

/** Which audiences does each name in its rules? */
export async function listUses(db: Db): Promise<Map<number, number[]>> {
  const rows = await db.selectFrom('audiences').select(['id', 'uses']).execute()
  return new Map(rows.map((row) => [row.id, row.uses]))
}

/** How many pushes need it: by their schedule, or for a run that has not ended. */
export async function countPushesOf(db: Db, id: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from pushes_in_use where audience_id = ${id}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Deletes an audience; its tables go a little later, when nobody can still be reading them. */
export async function deleteAudience(trx: Transaction<Database>, id: number): Promise<void> {
  await sql`insert into retired_tables (name) select t from audiences a, unnest(array[a.members_table, a.before_table]) t where a.id = ${id} and t is not null on conflict do nothing`.execute(trx)
  await trx.deleteFrom('audiences').where('id', '=', id).execute()
}

/** The job that waits to build it, if there is one. */
export async function findWaitingBuild(db: Db, audienceId: number): Promise<number | undefined> {
  return (await db.selectFrom('jobs').select('id').where('kind', '=', 'audience').where('status', '=', 'waiting').where(sql<boolean>`payload @> ${JSON.stringify({ audienceId })}::jsonb`).orderBy('id').limit(1).executeTakeFirst())?.id
}

/** The job that is to build it next; what held it up before is over. */
export async function setBuildJob(db: Db, id: number, jobId: number): Promise<void> {
  await db.updateTable('audiences').set({ job_id: jobId, paused: null }).where('id', '=', id).execute()
}

/** Not built until somebody does something about it. */
export async function setPaused(db: Db, id: number, reason: string): Promise<void> {
  await db.updateTable('audiences').set({ paused: reason }).where('id', '=', id).execute()
}
