import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

export interface Erasure { id: number; userId: string; operator: string | null; jobId: number | null; rows: number; askedAt: Date; doneAt: Date | null; liftedAt: Date | null }

function select(db: Db) {
  return db.selectFrom('erasures').selectAll()
}

const toErasure = (row: Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>): Erasure => ({
  id: row.id, userId: row.user_id, operator: row.operator_name, jobId: row.job_id, rows: row.rows_erased, askedAt: row.asked_at, doneAt: row.done_at, liftedAt: row.lifted_at
})

export async function listErasures(db: Db, limit: number, before?: number): Promise<Erasure[]> {
  const rows = await select(db).$if(before !== undefined, (query) => query.where('id', '<', before as number)).orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toErasure)
}

/** Holds the erasure until the transaction ends. */
export async function lockErasure(trx: Db, id: number): Promise<Erasure | undefined> {
  const row = await select(trx).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toErasure(row)
}

export async function findOpenErasureOf(db: Db, userId: string): Promise<Erasure | undefined> {
  const row = await select(db).where('user_id', '=', userId).where('done_at', 'is', null).orderBy('id', 'desc').executeTakeFirst()
  return row && toErasure(row)
}

export async function insertErasure(db: Db, erasure: { userId: string; operator: { id: number; name: string } | null }): Promise<number> {
  const { id } = await db.insertInto('erasures').values({ user_id: erasure.userId, operator_id: erasure.operator?.id ?? null, operator_name: erasure.operator?.name ?? null }).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function setErasureJob(db: Db, id: number, jobId: number): Promise<void> {
  await db.updateTable('erasures').set({ job_id: jobId }).where('id', '=', id).execute()
}

/** From now on imports may bring the person back: what would know them again is forgotten. */
export async function setErasureLifted(db: Db, id: number): Promise<void> {
  await db.updateTable('erasures').set({ lifted_at: new Date() }).where('id', '=', id).execute()
  await sql`delete from erased_values where erasure_id = ${id}`.execute(db)
}

/** The user that holds this number now; undefined where there is none. */
export async function findUserOf(db: Db, number: string): Promise<string | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(number)) return undefined
  const { rows } = await sql<{ id: string | null }>`select user_of(${number}::bigint) as id`.execute(db)
  return rows[0]?.id ?? undefined
}
