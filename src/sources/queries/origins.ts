import type { TableRef } from '../../connections/table.ts'
import type { Db } from '../../db/database.ts'
import { Invalid } from '../../problem.ts'
import type { Origin, Reading } from '../origin.ts'

function selectOrigins(db: Db) {
  return db.selectFrom('source_origins as o').innerJoin('connections as c', 'c.id', 'o.connection_id').selectAll('o').select('c.name')
}

/** Where each source that is not fed by files alone is read from, by the id of the source. */
export async function listOrigins(db: Db, sourceId?: number): Promise<Map<number, Origin>> {
  const rows = await selectOrigins(db).$if(sourceId !== undefined, (query) => query.where('o.source_id', '=', sourceId as number)).execute()
  return new Map(rows.map((row) => [row.source_id, { connectionId: row.connection_id, connection: row.name, schema: row.table_schema, table: row.table_name, reading: row.reading, changedBy: row.changed_by }]))
}

export async function findOrigin(db: Db, sourceId: number): Promise<Origin | undefined> {
  return (await listOrigins(db, sourceId)).get(sourceId)
}

/** Which sources are read from tables of a connection? */
export async function listSourcesOf(db: Db, connectionId: number): Promise<(TableRef & { sourceId: number; alias: string })[]> {
  return db.selectFrom('source_origins as o').innerJoin('sources as s', 's.id', 'o.source_id').select(['s.id as sourceId', 's.alias', 'o.table_schema as schema', 'o.table_name as table']).where('o.connection_id', '=', connectionId).execute()
}

const uniqueViolation = '23505'

export async function insertOrigin(db: Db, sourceId: number, { connectionId, schema, table }: TableRef & { connectionId: number }): Promise<void> {
  await db.insertInto('source_origins').values({ source_id: sourceId, connection_id: connectionId, table_schema: schema, table_name: table, changed_by: null }).execute()
    .catch((error: { code?: string }) => { throw error.code === uniqueViolation ? new Invalid('Another source is read from this table already. Import from its page.') : error })
}

export async function setReading(db: Db, sourceId: number, reading: Reading, changedBy: string | null): Promise<void> {
  await db.updateTable('source_origins').set({ reading, changed_by: changedBy }).where('source_id', '=', sourceId).execute()
}

export async function deleteOrigin(db: Db, sourceId: number): Promise<void> {
  await db.deleteFrom('source_origins').where('source_id', '=', sourceId).execute()
}
