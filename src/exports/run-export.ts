import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import type { Access } from '../access/access.ts'
import { may, permissionPath } from '../access/permissions.ts'
import { getCatalog } from '../catalog/queries.ts'
import { readSnapshot } from '../db/snapshot.ts'
import { insertHistory } from '../history/queries.ts'
import { JobStopped, type JobContext } from '../jobs/job.ts'
import { setJobEnded } from '../jobs/queries.ts'
import { currentRights } from '../operators/current-rights.ts'
import { Outdated } from '../problem.ts'
import { exportNeeds } from '../users/export-needs.ts'
import { idKeysOf } from '../users/id-keys.ts'
import { conditionOf, partsOf, readQueryText } from '../users/user-query.ts'
import { exportColumns, exportRefs, type ExportColumn } from './column.ts'
import { makeExportFolder, newFileName } from './folder.ts'
import { exportAct } from './history.ts'
import { getExportOfJob, setExportMade, type Export } from './queries.ts'
import { guardedName } from './queries/cells.ts'
import { readRows } from './queries/read-rows.ts'
import { exportRows } from './queries/rows.ts'
import { RowEnds } from './row-ends.ts'
import { exportSight } from './sight.ts'
import { writeZip } from './write-zip.ts'

const mostTries = 20

/** The job 'export': writes the file of an order, under what its operator may do and see now. */
export async function runExport(context: JobContext): Promise<unknown> {
  const order = await getExportOfJob(context.db, context.jobId)
  context.progress('Reading users', 0, order.expected)
  for (let tries = 1; ; tries++) {
    try {
      return await make(context, order)
    } catch (error) {
      // Published anew before the first row: asked again with what holds now.
      if (!(error instanceof Outdated) || tries === mostTries) throw isFull(error) ? new JobStopped('The disk is full. Nothing was kept of the file; ask your administrator for space, then export again.') : error
    }
  }
}

async function make(context: JobContext, order: Export): Promise<unknown> {
  const { access, columns, statement } = await prepare(context, order)
  const file = newFileName()
  const path = join(await makeExportFolder(context.dataDir), file)
  const ends = new RowEnds(headOf(order, columns), (rows) => { context.progress('Writing', Math.min(rows, order.expected), order.expected) })
  const bytes = await readRows(context, access, statement, (rows) => {
    rows.on('error', (error) => ends.destroy(error)).pipe(ends)
    return writeZip(path, 'users.csv', ends)
  })
  try {
    await context.check()
    return await record(context, order, { access, columns, rows: ends.rows, bytes, file })
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** What is to be read, in the eyes of the operator as they are now. */
async function prepare(context: JobContext, order: Export) {
  const rights = await readSnapshot(context.db, async (snapshot) => currentRights(snapshot, await getCatalog(snapshot), order.operatorId))
  if (!rights) throw new JobStopped('Your account was switched off before the file was made. Nothing was exported.')
  const { access } = rights
  const { query, problems } = readQueryText(access, order.query)
  if (problems.length) throw new JobStopped('The query names something that does not exist here any more. Nothing was exported; query again.')
  const missing = exportNeeds(query).find((permission) => !may(rights, permission))
  if (missing) throw new JobStopped(`Your roles do not include “${permissionPath(missing)}” any more. Nothing was exported.`)
  const columns = exportColumns(access, order.items)
  if (columns.length === 0) throw new JobStopped('Nothing of what was chosen exists here any more. Nothing was exported; choose again.')
  // Whole values of masked IDs were counted and recorded when the query was ordered.
  const reading = { timeZone: context.timeZone, keys: idKeysOf(access, context.aesKey, true) }
  return { access, columns, statement: exportRows(access, reading, partsOf(query).length ? conditionOf(query) : null, columns, order.guard) }
}

function headOf({ bom, guard }: Export, columns: readonly ExportColumn[]): Buffer {
  const names = columns.map(({ name }) => (guard ? guardedName(name) : name))
  return Buffer.from(stringify([names], { bom, record_delimiter: '\r\n' }))
}

interface Made { access: Access; columns: ExportColumn[]; rows: number; bytes: number; file: string }

/** The file can be fetched, the history tells of it, and the job is done, all at once. */
async function record({ db, jobId }: JobContext, order: Export, { access, columns, rows, bytes, file }: Made): Promise<unknown> {
  return db.transaction().execute(async (trx) => {
    await setExportMade(trx, order.id, { columns: columns.map(({ name }) => name), sight: exportSight(access, columns), rows, bytes, file })
    const entryId = await insertHistory(trx, exportAct('Users exported', access, { ...order, jobId, operator: { id: order.operatorId, name: order.operator }, rows }))
    const offered = exportRefs(access)
    const gone = order.items.filter((ref) => !offered.has(ref)).length
    const result = { exportId: order.id, usersExported: rows, columnsExported: columns.length, ...(gone ? { itemsGone: gone } : {}), entryId }
    await setJobEnded(trx, jobId, { status: 'done', result })
    return result
  })
}

/** No space, no more of a quota, a file larger than is allowed; or the database had no room to sort. */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG', '53100'].includes((error as { code?: string } | null)?.code ?? '')
}
