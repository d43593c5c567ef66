import type { Work } from './work.ts'

/** The job is done with the commit of its work, so a kill between the two cannot make it run twice. */
export async function endJob(work: Work, result: unknown): Promise<void> {
  await work.run(`update jobs set status = 'done', ended_at = clock_timestamp(), result = $2 where id = $1`, [work.context.jobId, JSON.stringify(result)])
}
