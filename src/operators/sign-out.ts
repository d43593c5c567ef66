import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { deleteSession } from './queries.ts'

/** Ends a session, and says so in the history. */
export async function signOut(db: Db, { id, name }: { id: number; name: string }, sessionId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await deleteSession(trx, sessionId)
    await insertHistory(trx, { kind: 'sign_in', title: 'Signed out', operator: { id, name } })
  })
}
