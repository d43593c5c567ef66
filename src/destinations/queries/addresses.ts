import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'

/** What is known of some addresses, by their digests in hex. */
export interface AddressState {
  unsubscribed: Set<string>
  /** Why the server refuses them for good. */
  refused: Map<string, string>
  /** The user to whom this run has written there. */
  mailed: Map<string, string>
}

const hex = (digest: Buffer) => digest.toString('hex')

export async function getAddressState(db: Db, of: { destinationId: number; runId: number; digests: readonly Buffer[] }): Promise<AddressState> {
  if (!of.digests.length) return { unsubscribed: new Set(), refused: new Map(), mailed: new Map() }
  const digests = [...of.digests]
  const unsubscribed = await db.selectFrom('unsubscribed_addresses').select('digest').where('digest', 'in', digests).execute()
  const refused = await db.selectFrom('refused_addresses').select(['digest', 'reason']).where('destination_id', '=', of.destinationId).where('digest', 'in', digests).execute()
  const mailed = await db.selectFrom('mailed_addresses').select(['digest', 'user_id']).where('run_id', '=', String(of.runId)).where('digest', 'in', digests).execute()
  return {
    unsubscribed: new Set(unsubscribed.map((row) => hex(row.digest))), refused: new Map(refused.map((row) => [hex(row.digest), row.reason])), mailed: new Map(mailed.map((row) => [hex(row.digest), row.user_id]))
  }
}

export async function insertMailed(db: Db, runId: number, digest: Buffer, userId: string): Promise<void> {
  await db.insertInto('mailed_addresses').values({ run_id: String(runId), digest, user_id: userId }).onConflict((on) => on.doNothing()).execute()
}

/** Forgets to whom a run has written: to be called when it has ended and is not repeated. */
export async function deleteMailed(db: Db, runId: number): Promise<void> {
  await db.deleteFrom('mailed_addresses').where('run_id', '=', String(runId)).execute()
}

export async function insertRefusedAddress(db: Db, destinationId: number, digest: Buffer, reason: string): Promise<void> {
  await db.insertInto('refused_addresses').values({ destination_id: destinationId, digest, reason }).onConflict((on) => on.doNothing()).execute()
}

/** Puts addresses on the list of those who get nothing any more. Answers how many were not there yet. */
export async function insertUnsubscribed(db: Db, digests: readonly Buffer[]): Promise<number> {
  if (!digests.length) return 0
  const { numInsertedOrUpdatedRows } = await db.insertInto('unsubscribed_addresses').values(digests.map((digest) => ({ digest }))).onConflict((on) => on.doNothing()).executeTakeFirst()
  return Number(numInsertedOrUpdatedRows ?? 0)
}

/** Takes addresses off that list, and off those of refused ones. Answers how many were on either. */
export async function deleteFromLists(db: Db, digests: readonly Buffer[]): Promise<number> {
  if (!digests.length) return 0
  const { rows } = await sql<{ digest: Buffer }>`
    with a as (delete from unsubscribed_addresses where digest = any (${[...digests]}::bytea[]) returning digest), b as (delete from refused_addresses where digest = any (${[...digests]}::bytea[]) returning digest)
    select digest from a union select digest from b`.execute(db)
  return rows.length
}

export async function countLists(db: Db): Promise<{ unsubscribed: number; refused: number }> {
  const { rows } = await sql<{ unsubscribed: string; refused: string }>`select (select count(*) from unsubscribed_addresses) as unsubscribed, (select count(distinct digest) from refused_addresses) as refused`.execute(db)
  return { unsubscribed: Number(rows[0]?.unsubscribed ?? 0), refused: Number(rows[0]?.refused ?? 0) }
}
