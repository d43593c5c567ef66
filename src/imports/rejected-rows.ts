import type { Db } from '../db/database.ts'
import type { BadRecord } from './split-records.ts'

/** Records that could not be split into cells; written while the file is read, outside the run's transaction. */
export async function insertBadRecords(db: Db, runId: number, records: BadRecord[]): Promise<void> {
  for (let at = 0; at < records.length; at += 500) {
    await db.insertInto('rejected_rows').values(records.slice(at, at + 500).map((record) => ({
      run_id: runId, line: String(record.line), reason: record.reason, detail: record.detail, content: record.text.replaceAll('\0', '�')
    }))).onConflict((conflict) => conflict.doNothing()).execute()
  }
}

/** A run that starts again after a kill begins with none. */
export async function deleteRejectedRows(db: Db, runId: number): Promise<void> {
  await db.deleteFrom('rejected_rows').where('run_id', '=', runId).execute()
}
