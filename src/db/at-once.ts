import { Kysely, PostgresAdapter, PostgresDialect, PostgresQueryCompiler, sql, type DatabaseConnection, type Driver } from 'kysely'
import type { Database, Db } from './database.ts'

const known = new WeakMap<DatabaseConnection, Db>()

/**
 * Lends one connection for what is asked in `ask`: statements that are asked there before the first is answered travel together, which is
 * one way there and back for all of them. (Kysely's own `connection()` holds each back until the one before is answered.) Only for
 * single statements: a transaction has no place beside others. Where one fails, the first failure is thrown, once all are answered. Nothing
 * else may be waited for in there that needs a connection of the pool.
 */
export function atOnce<T>(db: Db, ask: (db: Db) => Promise<T>): Promise<T> {
  return db.getExecutor().provideConnection(async (connection) => {
    const shared = known.get(connection) ?? openShared(connection)
    known.set(connection, shared)
    try {
      return await ask(shared)
    } catch (error) {
      // Answered last: whoever is lent the connection next must not get an answer that is still on its way.
      await sql`select`.execute(shared).catch(() => {})
      throw error
    }
  })
}

function openShared(connection: DatabaseConnection): Db {
  const none = async () => {}
  const refuse = async () => { throw new Error('A transaction cannot begin on a connection that is shared.') }
  const driver: Driver = { init: none, acquireConnection: async () => connection, releaseConnection: none, beginTransaction: refuse, commitTransaction: refuse, rollbackTransaction: refuse, destroy: none }
  const dialect = new PostgresDialect({ pool: async () => { throw new Error('not asked') } })
  return new Kysely<Database>({ dialect: { createDriver: () => driver, createAdapter: () => new PostgresAdapter(), createQueryCompiler: () => new PostgresQueryCompiler(), createIntrospector: (db) => dialect.createIntrospector(db) } })
}
