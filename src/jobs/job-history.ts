import type { JobStatus } from '../db/database.ts'
import type { Act, Actor } from '../history/queries.ts'
import { goesOut } from './labels.ts'

/** What the history says of a job: who ordered it, and the run or source that it is about. */
export interface JobAbout { id: number; kind: string; title: string; operator: { id: number; name: string } | null; sourceId: number | null; runId: number | null; payload: unknown }

// Titles of jobs may name a tag; these never do. That of an import names its source alone, whose entry it is.
const names: Record<string, string> = {
  import: 'An import', undo_run: 'The undo of an import', batch: 'A batch', undo: 'The undo of a batch', remap: 'A change of ID mapping', reproject: 'A rebuild of what pages show',
  remove_source: 'The removal of a source', statistics: 'A count of values', export: 'An export of users', push: 'A push', audience: 'The building of an audience',
  erase: 'An erasure'
}

/** The entry of a job that did not do what was asked: nothing else says so in the history. */
export function endOfJob(job: JobAbout, status: JobStatus): Act {
  const word = status === 'cancelled' ? 'was cancelled' : status === 'stopped' ? 'was stopped' : 'failed'
  return { ...aboutJob(job), operator: job.operator, title: `${nameOf(job)} ${word}${goesOut.has(job.kind) ? '' : ' and changed nothing'}` }
}

/** The entry of the operator who asked a job to end. */
export function cancelOfJob(job: JobAbout, operator: Actor): Act {
  return { ...aboutJob(job), operator, title: `${nameOf(job)}: cancel asked for` }
}

/** The entry of the operator who had a job that ended badly begin anew. */
export function retryOfJob(job: JobAbout, operator: Actor): Act {
  return { ...aboutJob(job), operator, title: `${nameOf(job)}: begun anew` }
}

function aboutJob({ id, kind, sourceId, runId }: JobAbout): Omit<Act, 'title' | 'operator'> {
  return { kind: kind === 'import' ? 'import' : 'job', jobId: id, sourceId, runId }
}

function nameOf(job: JobAbout): string {
  return job.kind === 'import' ? job.title : (names[job.kind] ?? 'A job')
}
