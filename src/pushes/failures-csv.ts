import { stringify } from 'csv-stringify/sync'
import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { listFailures } from './queries/failures.ts'

const atOnce = 5000

/** Failed users of a run with their reasons, as far as somebody finds them, some thousand at a time. */
export async function* failuresCsv(db: Db, access: Access, timeZone: string, runId: number): AsyncGenerator<string> {
  yield stringify([['User ID', 'Reason', 'Sent again by run']], { bom: true, record_delimiter: '\r\n' })
  for (let after = '0'; ;) {
    const rows = await listFailures(db, access, timeZone, runId, after, atOnce)
    if (rows.length) yield stringify(rows.map(({ userId, reason, againRun }) => [userId, reason, againRun ?? '']), { record_delimiter: '\r\n', escape_formulas: true })
    if (rows.length < atOnce) return
    after = rows.at(-1)!.userId
  }
}
