import { CompiledQuery, sql, type Transaction } from 'kysely'
import type { Catalog } from '../catalog/catalog.ts'
import type { Database, Db } from '../db/database.ts'
import { Conflict, Outdated } from '../problem.ts'
import type { Writer } from './in-place.ts'
import { holdProjection } from './lock.ts'

export interface ActWriter extends Writer { db: Transaction<Database> }

/** Above this number of users an act is a job: below it, it is done at once and nobody waits for it. */
export const inlineAtMost = 1000

/**
 * One act of an operator on a few users, in one transaction. It holds the projection, so that no publication comes between,
 * and its users, in the order of their IDs, so that acts on the same user come one after another. Throws Outdated where the
 * data was published anew since the catalog was read, Conflict where something else holds what it needs for two seconds.
 */
export async function inAct<T>(db: Db, catalog: Catalog, timeZone: string, users: readonly string[], act: (writer: ActWriter) => Promise<T>): Promise<T> {
  try {
    return await db.transaction().execute(async (trx) => {
      await sql`select set_config('lock_timeout', '1800ms', true), set_config('timezone', ${timeZone}, true), set_config('jit', 'off', true)`.execute(trx)
      await holdProjection(trx)
      const { rows: [state] } = await sql<{ version: string }>`select version from catalog_state`.execute(trx)
      if (state?.version !== catalog.version) throw new Outdated('The data was published anew while this was done.')
      if (users.length) await sql`select pg_advisory_xact_lock(hashint8extended(u, 360004)) from (select u from unnest(${users}::bigint[]) u order by u) o`.execute(trx)
      return act({
        db: trx, catalog,
        run: async (statement, values = []) => Number((await trx.executeQuery(CompiledQuery.raw(statement, values))).numAffectedRows ?? 0),
        rows: async <R>(statement: string, values: unknown[] = []) => (await trx.executeQuery(CompiledQuery.raw(statement, values))).rows as R[]
      })
    })
  } catch (error) {
    if ((error as { code?: string }).code === '55P03') throw new Conflict('A job is changing these users at the moment. Nothing was saved; try again when it is done.')
    throw error
  }
}

/** The users as SQL that a statement can name: they are numbers, checked here once more. */
export function scopeOf(users: readonly string[]): string {
  if (!users.every((user) => /^[1-9]\d{0,17}$/.test(user))) throw new Error('a user ID is a number')
  return `(select unnest('{${users.join(',')}}'::bigint[]) as user_id)`
}
