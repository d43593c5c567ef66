import { sql } from 'kysely'
import type pg from 'pg'
import { copySettings } from '../../backup/manifest.ts'
import { onClient, type Db } from '../../db/database.ts'
import { Conflict } from '../../problem.ts'

/** One transaction that waits for nobody: who uses the tables meanwhile (a command, say) is named instead. Where it fails the connection must be closed. */
export async function inOneTransaction<T>(client: pg.PoolClient, act: (trx: Db) => Promise<T>): Promise<T> {
  const trx = onClient(client)
  await sql`begin`.execute(trx)
  await sql.raw(`${copySettings}; set local lock_timeout = '5s'; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local client_min_messages = 'warning'`).execute(trx)
  try {
    const answer = await act(trx)
    await sql`commit`.execute(trx)
    return answer
  } catch (error) {
    if ((error as { code?: string }).code === '55P03') throw new Conflict('Something else works on this database: a command, perhaps, or a backup. Nothing was changed; end it, and restore again.')
    throw error
  }
}
