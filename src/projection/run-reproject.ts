import { insertHistory } from '../history/queries.ts'
import { endJob } from '../jobs/end-job.ts'
import type { JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import { findDifferences, publishedTables, type Difference } from './differences.ts'
import { publishTables } from './publish-tables.ts'
import { project } from './publish.ts'

/**
 * The job 'reproject': everything that pages read, made anew from layers 1 to 3. After a change of rules or filter indexes,
 * and, with `compare`, as the repair command, which answers where the published tables said something else.
 */
export async function runReproject(context: JobContext, payload: { compare?: boolean } = {}): Promise<{ differences: Difference[] }> {
  return inDataTransaction(context, async (work) => {
    context.progress('Show', 0, 1)
    const published = publishedTables(work.catalog)
    let differences: Difference[] = []
    const compare = async (mark: string) => { differences = await findDifferences(work, published, mark) }
    await project(work, { users: null, attributes: null, mapped: null, source: null, rebuildSource: true, ...(payload.compare ? { beforePublication: compare } : {}) })
    // A change of rules stands in the history itself; the command that repairs has nothing else that would say so.
    if (payload.compare) await insertHistory(work.db, { kind: 'job', title: 'What pages show was rebuilt by the command', operator: null, jobId: context.jobId })
    await publishTables(work, [], null)
    await endJob(work, { differences })
    return { differences }
  })
}
