import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Db } from '../../db/database.ts'
import { Outdated } from '../../problem.ts'

/**
 * The first statement of every transaction that reads users: takes its snapshot, ends later statements that take longer
 * than the time given (compiling to machine code never pays within it), and makes sure that the tables which the Access
 * names are those of the snapshot.
 */
export async function beginReading(db: Db, access: Access, milliseconds: number): Promise<void> {
  const { rows } = await sql<{ version: string }>`
    select version, set_config('statement_timeout', ${String(milliseconds)}, true), set_config('jit', 'off', true) from catalog_state`.execute(db)
  if (rows[0]?.version !== access.catalogVersion) throw new Outdated('The data was published anew while it was read.')
}
