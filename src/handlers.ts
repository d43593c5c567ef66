import { runBuild } from './audiences/run-build.ts'
import { runExport } from './exports/run-export.ts'
import { runErase } from './erasure/run-erase.ts'
import { runRemap } from './identities/run-remap.ts'
import { runImport } from './imports/run-import.ts'
import { runRemoval } from './imports/run-removal.ts'
import { runUndoRun } from './imports/run-undo.ts'
import type { JobHandlers } from './jobs/job.ts'
import { runBatch } from './overrides/run-batch.ts'
import { runUndo } from './overrides/undo.ts'
import { runReproject } from './projection/run-reproject.ts'
import { countValues } from './projection/statistics.ts'
import { endRunOfJob } from './pushes/end-run.ts'
import { runPush } from './pushes/run-push.ts'

/** Every kind of job with its handler: the composition root of the worker thread. */
export const handlers: JobHandlers = {
  import: runImport,
  remove_source: runRemoval,
  undo_run: runUndoRun,
  remap: runRemap,
  reproject: runReproject,
  batch: runBatch,
  undo: runUndo,
  erase: runErase,
  statistics: countValues,
  export: runExport,
  push: Object.assign(runPush, { ended: endRunOfJob }),
  audience: runBuild
}
