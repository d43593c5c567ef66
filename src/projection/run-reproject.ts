import { endJob, publish } from '../imports/record-run.ts'
import { inDataTransaction } from '../imports/transaction.ts'
import type { JobContext } from '../jobs/job.ts'
import { project } from './publish.ts'

/** The job 'reproject': everything that pages read, made anew from layers 1 to 3. After a change of rules or filter indexes, and as the repair command. */
export async function runReproject(context: JobContext): Promise<unknown> {
  await inDataTransaction(context, async (work) => {
    context.progress('Show', 0, 1)
    await project(work, { users: null, mapped: null, source: null, rebuildSource: true })
    await publish(work, [], null)
    await endJob(work, {})
  })
  return {}
}
