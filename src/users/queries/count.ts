import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Condition } from '../../catalog/condition.ts'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { beginReading } from './begin.ts'
import { compile } from './condition.ts'
import type { Reading } from './list.ts'
import { isVisible, Scope } from './scope.ts'

/** How many users match, if that can be counted within the time; else undefined. */
export async function countUsers(db: Db, access: Access, reading: Reading, condition: Condition, milliseconds: number): Promise<number | undefined> {
  try {
    return await db.transaction().setAccessMode('read only').execute(async (trx) => {
      await beginReading(trx, access, milliseconds)
      const { rows } = await sql<{ count: string }>`select count(*) from ${matching(access, reading, condition)}`.execute(trx)
      return Number(rows[0]!.count)
    })
  } catch (error) {
    if (isTimeout(error)) return undefined
    throw error
  }
}

/** How many users the planner expects to match. */
export async function estimateUsers(db: Db, access: Access, reading: Reading, condition: Condition): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`explain (format json) select 1 from ${matching(access, reading, condition)}`.execute(db)
  return rows[0]!['QUERY PLAN'][0].Plan['Plan Rows']
}

function matching(access: Access, reading: Reading, condition: Condition): Sql {
  const scope = new Scope(access, reading.timeZone)
  const where = sql`${isVisible(scope)} and ${compile(scope, condition, reading.keys)}`
  return sql`${scope.from()} where ${where}`
}

/** Whether a statement was ended by its time limit. */
export function isTimeout(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === '57014'
}
