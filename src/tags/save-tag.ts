import { getCatalog, raiseCatalogVersion } from '../catalog/queries.ts'
import { labelOfTag } from '../conditions/field.ts'
import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Invalid, NotFound } from '../problem.ts'
import { isTagNameTaken, setColumnNames } from './queries.ts'
import { groupLabel } from './tag-group.ts'

export interface TagValue { name: string; groupId: number | null; description: string | null; filterIndex: boolean }

/** Saves what is said about a tag. Answers the job that makes or drops its filter index, where that changes. */
export async function saveTag(services: { db: Db; queue: Queue }, columnId: number, value: TagValue, operator: { id: number; name: string }): Promise<number | null> {
  const jobId = await shortChange(services.db, async (trx) => {
    const catalog = await getCatalog(trx)
    const source = catalog.sources.find((candidate) => candidate.columns.some((column) => column.id === columnId))
    const column = source?.columns.find((candidate) => candidate.id === columnId && candidate.kind === 'tag')
    if (!source || !column) throw new NotFound('This tag does not exist any more.')
    if (await isTagNameTaken(trx, source.id, value.name, columnId)) throw new Invalid('The tag cannot be saved.', { name: `Another tag of ${source.alias} has this name already.` })
    if (value.groupId !== null && !catalog.tagGroups.some((group) => group.id === value.groupId)) throw new Invalid('The tag cannot be saved.', { group: 'This group does not exist any more. Choose another.' })
    const items: ActItem[] = []
    const item = (field: string, before: unknown, after: unknown) => { if (before !== after) items.push({ table: source.alias, column: column.name, field, before, after }) }
    item('tagName', labelOfTag(column), value.name)
    item('group', groupLabel(catalog.tagGroups, column.tagGroupId), groupLabel(catalog.tagGroups, value.groupId))
    item('description', column.description, value.description)
    item('filterIndex', column.filterIndex, value.filterIndex)
    if (items.length === 0) return null
    await setColumnNames(trx, columnId, { tagName: value.name, groupId: value.groupId, description: value.description, filterIndex: value.filterIndex })
    const job = column.filterIndex === value.filterIndex ? null
      : await services.queue.enqueue(trx, { kind: 'reproject', title: `Filter index of ${value.name}`, payload: {}, operatorId: operator.id })
    await insertHistory(trx, { kind: 'structure', title: `Tag ${value.name} changed`, operator, sourceId: source.id, jobId: job, fields: [`tag:${columnId}`], items })
    await raiseCatalogVersion(trx)
    return job
  })
  if (jobId !== null) await services.queue.wake(jobId)
  return jobId
}
