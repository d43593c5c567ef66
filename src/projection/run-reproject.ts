import { endJob } from '../jobs/end-job.ts'
import type { JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import { publishTables } from './publish-tables.ts'
import { project } from './publish.ts'

/** The job 'reproject': everything that pages read, made anew from layers 1 to 3. After a change of rules or filter indexes, and as the repair command. */
export async function runReproject(context: JobContext): Promise<unknown> {
  await inDataTransaction(context, async (work) => {
    context.progress('Show', 0, 1)
    await project(work, { users: null, mapped: null, source: null, rebuildSource: true })
    await publishTables(work, [], null)
    await endJob(work, {})
  })
  return {}
}
