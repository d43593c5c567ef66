import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Db } from '../../db/database.ts'
import { isVisible, Scope } from '../../users/queries/scope.ts'

export interface FailedUser { userId: string; reason: string; againRun: number | null }

/** Failed users of a run behind a user ID, in its order, whom this operator finds. */
export async function listFailures(db: Db, access: Access, timeZone: string, runId: number, after: string, limit: number): Promise<FailedUser[]> {
  const scope = new Scope(access, timeZone)
  const visible = isVisible(scope)
  const { rows } = await sql<FailedUser>`
    select f.user_id as "userId", f.reason, f.again_run as "againRun" from ${scope.from(sql`push_failures f join ${sql.table(access.usersTable)} u on u.user_id = f.user_id`)}
    where f.run_id = ${runId} and f.user_id > ${after}::bigint and ${visible} order by f.user_id limit ${limit}`.execute(db)
  return rows
}
