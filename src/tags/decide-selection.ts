import type { Catalog } from '../catalog/catalog.ts'
import { targetOf } from '../catalog/target.ts'
import type { Db, OverridePolicy } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import type { Queue } from '../jobs/queue.ts'
import { decide, type ActTitle, type Operator } from '../overrides/decide.ts'
import type { Change } from '../overrides/queries/insert-decisions.ts'
import { getSelection, listSelected, setSelectionUsed, type Selection } from '../overrides/queries/selections.ts'
import type { BatchPayload } from '../overrides/run-batch.ts'
import { NotFound } from '../problem.ts'
import { inlineAtMost } from '../projection/in-act.ts'

/** One decision for everybody who was chosen. `ref` names a tag or an attribute. */
export interface BatchDecision { ref: string; change: Change; policy: OverridePolicy }

/** What became of a choice: an entry of the history or a job; `again` where an earlier request had done it. Null where there was nothing to record. */
export type Outcome = { entryId: string; users: number; again: boolean } | { jobId: number; again: boolean } | null

class UsedBefore extends Error {}

/** What is to happen with it or not at all. */
type Finish = (db: Db, made: { entryId: string } | { jobId: number }) => Promise<void>

/** Decides for the users of a choice: at once for a few, else by a job. However often it is sent, it is done once. `finish` runs last in the same transaction. */
export async function decideSelection({ db, queue }: { db: Db; queue: Queue }, view: { catalog: Catalog; timeZone: string }, selection: Selection, decision: BatchDecision, act: ActTitle & { operator: Operator }, finish?: Finish): Promise<Outcome> {
  const useAnd: Finish = async (inside, made) => {
    await use(inside, selection, made)
    await finish?.(inside, made)
  }
  try {
    if (selection.users > inlineAtMost) return { jobId: await queueBatch(db, queue, { ...decision, ...act, selectionId: selection.id }, useAnd), again: false }
    const target = targetOf(view.catalog, decision.ref)
    if (!target) throw new NotFound('There is no such tag or attribute any more.')
    const users = await listSelected(db, selection.id, view.catalog.usersTable)
    const { entryId, users: decided } = await decide(db, view.catalog, view.timeZone, users, [{ ...decision, target, always: true }], act, undefined, async (writer, made) => useAnd(writer.db, { entryId: made }))
    return entryId === null ? null : { entryId, users: decided, again: false }
  } catch (error) {
    if (error instanceof UsedBefore) return outcomeOf(await getSelection(db, selection.id, selection.operatorId))
    throw error
  }
}

/** What became of a choice that was used; null where it was not. */
export function outcomeOf({ entryId, jobId, users }: Selection): Outcome {
  return jobId !== null ? { jobId, again: true } : entryId !== null ? { entryId, users, again: true } : null
}

async function queueBatch(db: Db, queue: Queue, payload: BatchPayload, finish: Finish): Promise<number> {
  const jobId = await shortChange(db, async (trx) => {
    const id = await queue.enqueue(trx, { kind: 'batch', title: payload.title, payload: { ...payload, operator: { id: payload.operator.id, name: payload.operator.name } }, operatorId: payload.operator.id, tokenId: payload.operator.tokenId ?? null })
    await finish(trx, { jobId: id })
    return id
  })
  await queue.wake(jobId)
  return jobId
}

async function use(db: Db, selection: Selection, by: { entryId: string } | { jobId: number }): Promise<void> {
  if (!(await setSelectionUsed(db, selection.id, by))) throw new UsedBefore()
}
