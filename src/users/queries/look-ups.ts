import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'

/** One after the other for each operator, so that many at once cannot pass the limit together. */
export async function lockLookUps(trx: Db, operatorId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('look_ups'), ${operatorId})`.execute(trx)
}

export async function deleteOldLookUps(db: Db): Promise<void> {
  await sql`delete from look_ups where at < now() - interval '1 hour'`.execute(db)
}

/** Answers how many of them were not looked for within the hour. */
export async function insertLookUps(db: Db, operatorId: number, digests: readonly string[]): Promise<number> {
  const { numInsertedOrUpdatedRows } = await db.insertInto('look_ups').values(digests.map((digest) => ({ operator_id: operatorId, digest }))).onConflict((on) => on.doNothing()).executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows ?? 0)
}

export async function countLookUps(db: Db, operatorId: number): Promise<number> {
  return Number((await db.selectFrom('look_ups').select((eb) => eb.fn.countAll<string>().as('count')).where('operator_id', '=', operatorId).executeTakeFirstOrThrow()).count)
}
