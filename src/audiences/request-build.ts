import type { NewAlert } from '../alerts/queries.ts'
import type { Db } from '../db/database.ts'
import type { Queue } from '../jobs/queue.ts'
import { alertSubject, type Audience, type Operator } from './audience.ts'
import { findWaitingBuild, setBuildJob } from './queries.ts'
import type { BuildPayload } from './run-build.ts'

/** What administrators are told of a build that nobody waits for; a private audience is not named. */
export function alertAbout({ id, name, shared, owner }: Audience): NewAlert {
  return { subject: alertSubject(id), permission: 'operators', message: `The building of ${shared ? `the audience ${name}` : 'a private audience'} of ${owner.name}`, href: shared ? `/audiences/${id}` : `/settings/operators/${owner.id}` }
}

/** Has an audience built, in the transaction of the caller; one that is under way already is enough where nothing else is to be read. Answers the job, which is to be woken. */
export async function requestBuild(trx: Db, queue: Queue, audienceId: number, operator: Operator | null, made: Pick<BuildPayload, 'selectionId' | 'file' | 'kept' | 'alert'> = {}): Promise<number> {
  const waiting = await findWaitingBuild(trx, audienceId)
  if (waiting !== undefined && made.selectionId === undefined && made.file === undefined && !made.kept) return waiting
  const payload: BuildPayload = { audienceId, operator: operator && { id: operator.id, name: operator.name }, ...made }
  const jobId = await queue.enqueue(trx, { kind: 'audience', title: 'Building an audience', payload, operatorId: operator?.id ?? null, tokenId: operator?.tokenId ?? null })
  await setBuildJob(trx, audienceId, jobId)
  return jobId
}
