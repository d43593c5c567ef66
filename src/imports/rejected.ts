import { stringify } from 'csv-stringify/sync'
import type { Db } from '../db/database.ts'
import { listRejected } from './queries.ts'

const batch = 2000

/**
 * The rejected rows of a run as CSV, a batch at a time. Cells that a spreadsheet would take for a formula get an
 * apostrophe in front; the byte order mark makes it read UTF-8.
 */
export async function* rejectedCsv(db: Db, runId: number): AsyncGenerator<string> {
  yield stringify([['line', 'reason', 'content']], { bom: true })
  let after = '-1'
  for (;;) {
    const rows = await listRejected(db, runId, after, batch)
    if (rows.length === 0) return
    yield stringify(rows.map((row) => [row.line, row.detail || row.reason, row.content]), { escape_formulas: true })
    after = rows[rows.length - 1]?.line ?? after
  }
}
