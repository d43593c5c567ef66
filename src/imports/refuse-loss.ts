import type { CatalogSource } from '../catalog/catalog.ts'
import { formatNumber } from '../format.ts'
import { JobStopped } from '../jobs/job.ts'
import type { RunRecord } from './record-run.ts'

/** A table that is just being filled anew would take everybody away. */
export function refuseEmpty(run: Pick<RunRecord, 'whole'>, former: Pick<CatalogSource, 'rowCount'>, rows: number): void {
  if (run.whole && rows === 0 && former.rowCount > 0) throw new JobStopped(`The table has no rows now; ${formatNumber(former.rowCount)} would have been removed. Nothing was changed. Remove the source if that is what is meant.`)
}

/** Nobody looks at what a schedule or a program began, so more than half of a source does not go by it. */
export function refuseLoss(run: Pick<RunRecord, 'started'>, former: Pick<CatalogSource, 'rowCount'>, removed: number): void {
  if (run.started === 'hand' || removed * 2 <= former.rowCount) return
  throw new JobStopped(`${formatNumber(removed)} of ${formatNumber(former.rowCount)} rows are not in the table any more and would have been removed, more than half. Nothing was changed. If that is right, import once by hand.`)
}
