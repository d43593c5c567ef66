import type { BeforeKind, JobStatus } from '../db/database.ts'

/** What says whether a run can be undone. */
export interface RunUndo {
  id: number; sourceId: number; alias: string; status: JobStatus; sourceGone: boolean; structurePending: boolean
  kept: { id: number; kind: BeforeKind; table: string | null } | null
  undoneBy: string | null
  /** The run of this source that was done last. */
  lastRun: { id: number; undone: boolean } | null
}

/** Why a run cannot be undone, in words for people; null where it can. */
export function whyNotUndoable(run: RunUndo): string | null {
  if (run.undoneBy !== null) return `Run ${run.id} was undone already.`
  if (run.status !== 'done') return `Run ${run.id} changed nothing, so there is nothing to undo.`
  if (run.sourceGone) return `The source ${run.alias} is removed or being removed, and its runs with it.`
  if (run.lastRun && run.lastRun.id !== run.id) {
    return run.lastRun.undone
      ? `Run ${run.lastRun.id}, which came after it, was undone. What the runs before that one had changed is not kept, so run ${run.id} cannot be undone.`
      : `Only the last run of a source can be undone, and run ${run.lastRun.id} came after this one.`
  }
  if (run.kept?.kind === 'structure') return `Run ${run.id} applied a changed structure. The rows before it had other columns, so it cannot be undone. To go back, change the structure again and import a file as it was before.`
  if (run.structurePending) return `The structure of ${run.alias} was changed since, and the change waits for the next run. Take it back on the structure page, then this run can be undone.`
  if (!run.kept || (needsTable[run.kept.kind] && run.kept.table === null)) return `What run ${run.id} changed is not kept any more, so it cannot be undone.`
  return null
}

const needsTable: Record<Exclude<BeforeKind, 'structure'>, boolean> = { first: false, none: false, rows: true, version: true }
