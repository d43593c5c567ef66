import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'

/** Names of sources that an operator made or imported into, other than those that they see. */
export async function listUnseenSources(db: Db, operatorId: number, seen: readonly number[]): Promise<string[]> {
  const { rows } = await sql<{ alias: string }>`
    select s.alias from sources s where s.rows_table is not null and s.removed_at is null and not s.removing and s.id <> all (${seen}::int[])
      and (s.created_by = ${operatorId} or exists (select from import_runs r where r.source_id = s.id and r.operator_id = ${operatorId})) order by s.alias`.execute(db)
  return rows.map((row) => row.alias)
}
