import { getExportOfJob } from '../exports/queries.ts'
import type { Db } from '../db/database.ts'
import { findJob, type JobRow } from '../jobs/queries.ts'
import { NotFound } from '../problem.ts'
import type { Body, job } from './schemas.ts'
import { writeTime } from './values.ts'

export const noJob = 'There is no such job.'

/** A job as the API shows it. What it counted is told when it is done. */
export async function writeJob(db: Db, row: JobRow): Promise<Body<typeof job>> {
  const result = (row.result ?? {}) as Record<string, unknown>
  const counts = row.status === 'done' ? Object.fromEntries(Object.entries(result).filter((pair): pair is [string, number] => Number.isInteger(pair[1]) && !pair[0].endsWith('Id'))) : {}
  return {
    id: row.id, kind: row.kind, title: row.title, status: row.status, stage: row.status === 'running' ? row.stage : null, done: Number(row.done), total: Number(row.total),
    cancelling: row.cancel_requested && (row.status === 'running' || row.status === 'waiting'), error: row.error, createdAt: writeTime(row.created_at),
    startedAt: row.started_at && writeTime(row.started_at), endedAt: row.ended_at && writeTime(row.ended_at), counts,
    entry: row.status === 'done' && typeof result['entryId'] === 'string' ? result['entryId'] : null, export: row.kind === 'export' ? (await getExportOfJob(db, row.id)).id : null
  }
}

/** The job of this number: everybody sees those they ordered, and with the permission for it those of others. */
export async function getVisibleJob(db: Db, id: number, operatorId: number, all: boolean): Promise<JobRow> {
  const row = await findJob(db, id)
  if (!row || (row.operator_id !== operatorId && !all)) throw new NotFound(noJob)
  return row
}
