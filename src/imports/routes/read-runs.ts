import type { May } from '../../access/permissions.ts'
import type { Catalog, CatalogSource } from '../../catalog/catalog.ts'
import type { Db } from '../../db/database.ts'
import { getSchedule } from '../../schedules/queries.ts'
import { findOrigin } from '../../sources/queries/origins.ts'
import { isOpen } from '../labels.ts'
import { countRejected, findLastDoneRun, listRuns, type Run } from '../queries.ts'
import { findOpenUndo } from '../queries/undo.ts'
import { whyNoUndo } from '../request-undo.ts'
import { runsModel, runPanel, type RunsModel } from '../views.ts'

const runsOnPage = 20

/** The page of a source with its runs; `run` is the one the address names, else the latest, and with one at work the last that was done. */
export async function readRuns(db: Db, catalog: Catalog, sourceId: number, options: { run?: Run; before?: number; timeZone: string; may: May; signal: RunsModel['signal'] }): Promise<RunsModel | undefined> {
  const source: CatalogSource | undefined = catalog.sources.find((one) => one.id === sourceId)
  const runs = await listRuns(db, sourceId, runsOnPage + 1, options.before)
  const first = options.run ?? (options.before === undefined ? runs[0] : undefined)
  if (!source && !first) return undefined
  const lastDone = first && isOpen(first.status) ? await findLastDoneRun(db, sourceId, first.id) : undefined
  const shown = [first, lastDone].filter((run) => run !== undefined)
  const panels = await Promise.all(shown.map(async (run) => {
    const reasons = run.rejected ? await countRejected(db, run.id) : []
    const undoable = run.beforeKind !== null && !shown.some((one) => isOpen(one.status)) && (await whyNoUndo(db, run)) === null
    const undoJob = run.beforeKind === null ? undefined : await findOpenUndo(db, run.id)
    return runPanel(run, { timeZone: options.timeZone, now: new Date(), reasons, rejectedKept: reasons.length > 0, shownRun: lastDone?.id ?? null, undoable, undoJob, may: options.may })
  }))
  const origin = source && await findOrigin(db, sourceId)
  const schedule = origin && await getSchedule(db, { kind: 'import', subjectId: sourceId })
  return runsModel(source, runs, panels, { coming: origin ? { origin, schedule, aliasOf: (id) => catalog.sources.find((one) => one.id === id)?.alias } : null, ...options, current: first, more: runs.length > runsOnPage, idTypes: catalog.idTypes })
}
