import type { Transaction } from 'kysely'
import type { ColumnSpec } from '../catalog/column.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { setColumnNames } from '../tags/queries.ts'
import { findOrAddGroups } from './find-or-add-group.ts'
import { isAliasTaken, lockSource, setColumnPending, setSourceAlias, setStructurePending, type StructureColumn } from './queries.ts'
import { readsAlike } from './reads-alike.ts'
import { aliasTaken } from './save-structure.ts'

export interface StructureEdit { alias: string; columns: { spec: ColumnSpec; filterIndex: boolean }[] }

/** Applies a checked edit: names, groups and descriptions now, how cells are read with the next run. Answers what it did. */
export async function editStructure(services: { db: Db; queue: Queue }, sourceId: number, current: readonly StructureColumn[], edit: StructureEdit, operator: { id: number; name: string }): Promise<{ changed: boolean; waits: boolean; reindexes: boolean }> {
  const done = await shortChange(services.db, async (trx) => {
    const source = await lockSource(trx, sourceId)
    const items: ActItem[] = []
    if (source.alias !== edit.alias) {
      if (await isAliasTaken(trx, edit.alias, sourceId)) throw aliasTaken(edit.alias)
      await setSourceAlias(trx, sourceId, edit.alias)
      items.push({ table: source.alias, column: '', field: 'alias', before: source.alias, after: edit.alias })
    }
    const groupIds = await findOrAddGroups(trx, edit.columns.map(({ spec }, index) => namedAs(spec, (current[index] as StructureColumn).spec).group ?? []))
    for (const [index, column] of current.entries()) {
      const wanted = edit.columns[index]
      if (wanted) items.push(...await applyToColumn(trx, source.alias, column, wanted, groupIds[index] ?? null))
    }
    if (items.length === 0) return { changed: false, waits: false, jobId: null }
    const waits = edit.columns.some(({ spec }, index) => !readsAlike(spec, (current[index] as StructureColumn).spec))
    await setStructurePending(trx, sourceId, waits)
    await insertHistory(trx, { kind: 'structure', title: `Structure of ${edit.alias} changed`, operator, sourceId, items })
    await raiseCatalogVersion(trx)
    const reindexes = current.some((column, index) => column.filterIndex !== edit.columns[index]?.filterIndex)
    const jobId = reindexes ? await services.queue.enqueue(trx, { kind: 'reproject', title: `Filter indexes of ${edit.alias}`, payload: {}, operatorId: operator.id }) : null
    return { changed: true, waits, jobId }
  })
  if (done.jobId !== null) await services.queue.wake(done.jobId)
  return { changed: done.changed, waits: done.waits, reindexes: done.jobId !== null }
}

async function applyToColumn(trx: Transaction<Database>, table: string, column: StructureColumn, wanted: StructureEdit['columns'][number], groupId: number | null): Promise<ActItem[]> {
  const items: ActItem[] = []
  const { spec: before } = column
  const { spec, filterIndex } = wanted
  const item = (field: string, old: unknown, now: unknown) => { if (JSON.stringify(old ?? null) !== JSON.stringify(now ?? null)) items.push({ table, column: spec.name, field, before: old ?? null, after: now ?? null }) }
  const named = namedAs(spec, before)
  item('tagName', before.tagName, named.tagName)
  item('group', before.group, named.group)
  item('description', before.description, named.description)
  item('filterIndex', column.filterIndex, filterIndex)
  if (items.length) await setColumnNames(trx, column.id, { tagName: named.tagName ?? null, groupId, description: named.description ?? null, filterIndex })
  const { tagName: _name, group: _group, description: _description, ...reading } = spec
  const pending = readsAlike(spec, before) ? null : reading
  const former = column.pending
  if (pending === null ? former !== null : former === null || !readsAlike(pending, former)) {
    await setColumnPending(trx, column.id, pending)
    items.push({ table, column: spec.name, field: 'reading', before: former ?? before, after: pending ?? before })
  }
  return items
}

/** A column that is no tag keeps the name it had as one: the way back is short. */
function namedAs(spec: ColumnSpec, before: ColumnSpec): ColumnSpec {
  return spec.kind === 'tag' ? spec : before
}
