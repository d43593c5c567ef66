import { stringify } from 'csv-stringify/sync'
import type { Db } from '../db/database.ts'
import { reasonLabels } from './labels.ts'
import { listRejected } from './queries.ts'

const batch = 2000

/**
 * The rejected rows of a run as CSV, a batch at a time; to who does not see all of the source (`whole`) only where they
 * stood and of what kind the reason is: both the row and the reason in words quote cells. Cells that a spreadsheet would take for a formula get an
 * apostrophe in front; the byte order mark makes it read UTF-8.
 */
export async function* rejectedCsv(db: Db, runId: number, whole: boolean): AsyncGenerator<string> {
  yield stringify([whole ? ['line', 'reason', 'content'] : ['line', 'reason']], { bom: true })
  let after = '-1'
  for (;;) {
    const rows = await listRejected(db, runId, after, batch)
    if (rows.length === 0) return
    yield stringify(rows.map((row) => (whole ? [row.line, row.detail || row.reason, row.content] : [row.line, reasonLabels[row.reason] ?? row.reason])), { escape_formulas: true })
    after = rows[rows.length - 1]?.line ?? after
  }
}
