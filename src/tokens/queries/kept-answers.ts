import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { Conflict } from '../../problem.ts'

/** So long an answer is given once more to who sends the same key. */
export const keptHours = 24

export interface KeptAnswer { digest: string; status: number; body: string }

/** What was answered to this key of a token, if that is not too long ago. */
export async function findKeptAnswer(db: Db, tokenId: number, key: string): Promise<KeptAnswer | undefined> {
  return db.selectFrom('kept_answers').select(['request_digest as digest', 'status', 'body']).where('token_id', '=', tokenId).where('key', '=', key).where('at', '>', sql<Date>`now() - make_interval(hours => ${keptHours})`).executeTakeFirst()
}

/** Keeps an answer in the transaction of what it answers: of two with the same key one is rolled back. */
export async function insertKeptAnswer(db: Db, tokenId: number, key: string, { digest, status, body }: KeptAnswer): Promise<void> {
  const { numAffectedRows } = await sql`
    insert into kept_answers as k (token_id, key, request_digest, status, body) values (${tokenId}, ${key}, ${digest}, ${status}, ${body})
    on conflict (token_id, key) do update set request_digest = excluded.request_digest, status = excluded.status, body = excluded.body, at = now() where k.at <= now() - make_interval(hours => ${keptHours})`.execute(db)
  if (Number(numAffectedRows ?? 0) === 0) throw new Conflict('A request with this Idempotency-Key was done meanwhile. Send it again for its answer.')
}

/** Answers that nobody is given any more. */
export async function deleteOldAnswers(db: Db): Promise<void> {
  await sql`delete from kept_answers where at <= now() - make_interval(hours => ${keptHours})`.execute(db)
}
