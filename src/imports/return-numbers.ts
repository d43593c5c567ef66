import type { Work } from '../jobs/work.ts'

/**
 * Rows that come back (op 'new' of the delta) hold their own numbers again. Leaves the users that held these meanwhile in
 * `former_holders`: they lose the decisions under them. Where a run is named, keeps for its undo where the numbers led.
 * Called before the rows are written.
 */
export async function returnNumbers(work: Work, deltaTable: string, runId: number | null): Promise<void> {
  await work.run(`create temp table former_holders on commit drop as select distinct user_of(r.anchor) as user_id from ${deltaTable} d join removed_rows r on r.row_number = d.row_number where d.op = 'new' and r.anchor is not null`)
  const gone = `delete from removed_rows r using ${deltaTable} d where d.op = 'new' and r.row_number = d.row_number`
  await work.run(runId === null ? gone : `with gone as (${gone} returning r.*)
    insert into returned_rows (run_id, row_number, anchor, removed_by, reason, created_at, removed_at) select ${runId}, row_number, anchor, run_id, reason, created_at, removed_at from gone`)
}

/** Undo of a run: numbers of rows that it had brought back lead again to where they led before it. Their users change with them. */
export async function restoreAnchors(work: Work, runId: number): Promise<void> {
  const restored = await work.run(`update removed_rows r set anchor = b.anchor, run_id = b.removed_by, reason = b.reason, created_at = b.created_at, removed_at = b.removed_at
    from returned_rows b where b.run_id = ${runId} and b.row_number = r.row_number`)
  if (restored) await work.run(`insert into mapped_users select distinct user_of(b.anchor) from returned_rows b where b.run_id = ${runId} and user_of(b.anchor) is not null on conflict do nothing`)
}
