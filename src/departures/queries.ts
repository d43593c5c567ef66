import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Belongings } from './belongings.ts'

/** What is there of an operator. */
export async function getBelongings(db: Db, operatorId: number): Promise<Belongings> {
  const { rows } = await sql<Belongings>`select
    (select count(*)::int from audiences where owner_id = ${operatorId} and shared) as "sharedAudiences",
    (select count(*)::int from audiences where owner_id = ${operatorId} and not shared) as "privateAudiences",
    (select count(*)::int from pushes_in_use u join pushes p on p.id = u.id where p.operator_id = ${operatorId}) as pushes,
    (select count(*)::int from tokens where operator_id = ${operatorId} and withdrawn_at is null and expires_at > now()) as tokens,
    (select count(*)::int from sources where created_by = ${operatorId} and removed_at is null) as sources,
    (select count(*)::int from schedules where operator_id = ${operatorId} and kind = 'import') as schedules,
    (select count(*)::int from exports where operator_id = ${operatorId} and file is not null) as files,
    (select count(*)::int from jobs where operator_id = ${operatorId} and status in ('waiting', 'running')) as jobs`.execute(db)
  return rows[0]!
}
