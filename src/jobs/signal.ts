import type { Db } from '../db/database.ts'
import type { Shell } from '../http/shell.ts'
import { findOpenJobOf } from './queries.ts'

/** The signal in the top bar: how far the job of this operator is. */
export async function runningJobOf(db: Db, operatorId: number): Promise<Shell['job']> {
  const job = await findOpenJobOf(db, operatorId)
  if (!job) return null
  const total = Number(job.total)
  const percent = total > 0 ? Math.min(100, Math.floor((Number(job.done) / total) * 100)) : 0
  const payload = job.payload as { runId?: number }
  const label = job.kind === 'import' ? 'Import' : job.title
  return { label: job.status === 'running' ? `${label} ${percent}%` : `${label} waits`, href: payload.runId ? `/settings/imports/${payload.runId}` : `/settings/jobs/${job.id}`, percent }
}
