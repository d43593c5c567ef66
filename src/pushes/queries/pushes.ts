import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../../db/database.ts'
import type { Message } from '../../destinations/message.ts'
import { NotFound } from '../../problem.ts'
import { noPush, type Push, type PushContent, type PushField } from '../push.ts'

function selectPushes(db: Db) {
  return db.selectFrom('pushes as p').innerJoin('operators as o', 'o.id', 'p.operator_id').selectAll('p').select('o.name as operator')
}

type Row = Awaited<ReturnType<ReturnType<typeof selectPushes>['executeTakeFirstOrThrow']>>

function toPush(row: Row): Push {
  return {
    id: row.id, audience: { id: row.audience_id, name: row.audience_name }, person: row.person, destination: { id: row.destination_id, name: row.destination_name }, operator: { id: row.operator_id, name: row.operator },
    createdAt: row.created_at, idTypes: row.id_types, fields: row.fields as PushField[], scope: row.scope, hash: row.hash, message: row.message as Message | null, paused: row.paused, endedAt: row.ended_at
  }
}

export async function findPush(db: Db, id: number): Promise<Push | undefined> {
  const row = await selectPushes(db).where('p.id', '=', id).executeTakeFirst()
  return row && toPush(row)
}

/** The same, held until the transaction ends, so that no second run of it begins meanwhile. */
export async function lockPush(trx: Db, id: number): Promise<Push> {
  await trx.selectFrom('pushes').select('id').where('id', '=', id).forUpdate().execute()
  const push = await findPush(trx, id)
  if (!push) throw new NotFound(noPush)
  return push
}

/** Pushes, newest first, older than `before` where that is given: of one operator, of all where `operatorId` is null, of one audience where that is named. */
export async function listPushes(db: Db, { operatorId, audienceId, before }: { operatorId: number | null; audienceId: number | null; before: number | null }, limit: number): Promise<Push[]> {
  let query = selectPushes(db)
  if (operatorId !== null) query = query.where('p.operator_id', '=', operatorId)
  if (audienceId !== null) query = query.where('p.audience_id', '=', audienceId)
  if (before !== null) query = query.where('p.id', '<', before)
  return (await query.orderBy('p.id', 'desc').limit(limit).execute()).map(toPush)
}

export interface NewPush extends PushContent { audience: { id: number; name: string }; person: string | null; destination: { id: number; name: string }; operatorId: number }

export async function insertPush(trx: Transaction<Database>, push: NewPush): Promise<number> {
  const { id } = await trx.insertInto('pushes').values({
    audience_id: push.audience.id, audience_name: push.audience.name, person: push.person, destination_id: push.destination.id, destination_name: push.destination.name, operator_id: push.operatorId,
    id_types: push.idTypes, fields: JSON.stringify(push.fields), scope: push.scope, hash: push.hash, message: push.message && JSON.stringify(push.message)
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** Null: it may run again. */
export async function setPaused(db: Db, id: number, reason: string | null): Promise<void> {
  await db.updateTable('pushes').set({ paused: reason }).where('id', '=', id).execute()
}

/** It begins no run any more; whom the destination has is forgotten with it. */
export async function setEnded(trx: Transaction<Database>, id: number): Promise<void> {
  await trx.updateTable('pushes').set({ ended_at: sql`coalesce(ended_at, now())` }).where('id', '=', id).execute()
  await trx.deleteFrom('pushed_users').where('push_id', '=', id).execute()
}

/** How many pushes need an audience or a destination? */
export async function countPushesUsing(db: Db, which: { audienceId: number } | { destinationId: number }): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from pushes_in_use where ${'audienceId' in which ? sql`audience_id = ${which.audienceId}` : sql`destination_id = ${which.destinationId}`}`.execute(db)
  return rows[0]?.count ?? 0
}
