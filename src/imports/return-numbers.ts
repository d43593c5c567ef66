import type { Work } from '../jobs/work.ts'

/**
 * Rows that come back (op 'new' of the delta) hold their own numbers again. Keeps for undo of the run where these led
 * meanwhile, and leaves the users that they led to in `former_holders`: they lose the decisions under these numbers.
 * Called before the rows are written.
 */
export async function returnNumbers(work: Work, deltaTable: string, runId: number | null): Promise<void> {
  await work.run(`create temp table former_holders on commit drop as select distinct user_of(r.anchor) as user_id from ${deltaTable} d join removed_rows r on r.row_number = d.row_number where d.op = 'new' and r.anchor is not null`)
  const kept = runId === null ? '' : `insert into returned_rows (run_id, row_number, anchor, removed_by, reason, created_at, removed_at) select ${runId}, row_number, anchor, run_id, reason, created_at, removed_at from `
  const gone = `delete from removed_rows r using ${deltaTable} d where d.op = 'new' and r.row_number = d.row_number`
  await work.run(kept ? `with gone as (${gone} returning r.*) ${kept} gone` : gone)
}
