import { sql } from 'kysely'
import { isPermission, type Permission } from '../access/permissions.ts'
import type { Db } from '../db/database.ts'
import { NotFound } from '../problem.ts'

export interface Token {
  id: number; operatorId: number; operator: string; operatorOff: boolean; name: string; prefix: string; permissions: Permission[]
  createdAt: Date; expiresAt: Date; lastUsedAt: Date | null; withdrawnAt: Date | null
}

function selectTokens(db: Db) {
  return db.selectFrom('tokens as t').innerJoin('operators as o', 'o.id', 't.operator_id').selectAll('t').select(['o.name as operator', 'o.disabled_at'])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectTokens>['executeTakeFirstOrThrow']>>

function toToken(row: Row): Token {
  return {
    id: row.id, operatorId: row.operator_id, operator: row.operator, operatorOff: row.disabled_at !== null, name: row.name, prefix: row.prefix, permissions: row.permissions.filter(isPermission),
    createdAt: row.created_at, expiresAt: row.expires_at, lastUsedAt: row.last_used_at, withdrawnAt: row.withdrawn_at
  }
}

/** Tokens that were not withdrawn, newest first: of one operator, or of all others. */
export async function listTokens(db: Db, operatorId: number, others: boolean): Promise<Token[]> {
  const rows = await selectTokens(db).where('t.operator_id', others ? '<>' : '=', operatorId).where('t.withdrawn_at', 'is', null).orderBy('t.id', 'desc').limit(1000).execute()
  return rows.map(toToken)
}

/** A token that was not withdrawn. */
export async function getToken(db: Db, id: number): Promise<Token> {
  const row = await selectTokens(db).where('t.id', '=', id).where('t.withdrawn_at', 'is', null).executeTakeFirst()
  if (!row) throw new NotFound(noToken)
  return toToken(row)
}

/** The same words for one that is not there and for one of somebody else. */
export const noToken = 'There is no such token, or not any more.'

/** Every token whose secret begins like this, withdrawn ones too, with the hash of its secret. */
export async function listTokensByPrefix(db: Db, prefix: string): Promise<(Token & { hash: string })[]> {
  const rows = await selectTokens(db).where('t.prefix', '=', prefix).execute()
  return rows.map((row) => ({ ...toToken(row), hash: row.secret_hash }))
}

export async function insertToken(db: Db, token: { operatorId: number; name: string; prefix: string; hash: string; permissions: readonly Permission[]; days: number }): Promise<number> {
  const { id } = await db.insertInto('tokens').values({
    operator_id: token.operatorId, name: token.name, prefix: token.prefix, secret_hash: token.hash, permissions: [...token.permissions], expires_at: sql<Date>`now() + make_interval(days => ${token.days})`
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** How many tokens of an operator work? Nobody makes another for them meanwhile. */
export async function lockTokenCount(db: Db, operatorId: number): Promise<number> {
  await sql`select pg_advisory_xact_lock(360028, ${operatorId}::int)`.execute(db)
  const row = await db.selectFrom('tokens').select((eb) => eb.fn.countAll<string>().as('count')).where('operator_id', '=', operatorId).where('withdrawn_at', 'is', null).where('expires_at', '>', new Date()).executeTakeFirstOrThrow()
  return Number(row.count)
}

/** False where it was withdrawn before. */
export async function setTokenWithdrawn(db: Db, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('tokens').set({ withdrawn_at: new Date() }).where('id', '=', id).where('withdrawn_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Withdraws every token of an operator; answers how many of them still worked. */
export async function setTokensWithdrawn(db: Db, operatorId: number): Promise<number> {
  const rows = await db.updateTable('tokens').set({ withdrawn_at: new Date() }).where('operator_id', '=', operatorId).where('withdrawn_at', 'is', null).returning('expires_at').execute()
  return rows.filter((row) => row.expires_at > new Date()).length
}

/** Notes a use, to within a minute: not every request shall write. */
export async function setTokenUsed(db: Db, id: number): Promise<void> {
  await sql`update tokens set last_used_at = now() where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(db)
}
