import type { IdType } from '../catalog/catalog.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { findOpenJobOfKind } from '../jobs/queries.ts'
import { Conflict, NotFound } from '../problem.ts'
import { maxIdTypes } from './id-type.ts'
import { deleteIdType, insertIdType, isIdTypeUsed, listIdTypes, setIdTypes } from './queries.ts'

export interface Actor { id: number; name: string }

/** A waiting or running remap brings the whole list as it was asked for; a change beside it would be lost. */
export async function refuseWhileRemapping(db: Db): Promise<void> {
  const job = await findOpenJobOfKind(db, 'remap')
  if (job) throw new Conflict(`Another change of ID mapping is being applied (job ${job.id}). Nothing was saved; try again when it is done.`)
}

/** Adds an own type. No column names it yet, so no user is joined or split. */
export async function addIdType(db: Db, type: Omit<IdType, 'id' | 'preset'>, operator: Actor): Promise<number> {
  return shortChange(db, async (trx) => {
    await refuseWhileRemapping(trx)
    if ((await listIdTypes(trx)).length >= maxIdTypes) throw new Conflict(`There can be at most ${maxIdTypes} ID types. Delete one of your own that no column uses.`)
    const id = await insertIdType(trx, type)
    await insertHistory(trx, { kind: 'settings', title: `ID type ${type.name} added`, operator, items: [{ table: 'id_types', column: type.code, before: null, after: plain(type) }] })
    await raiseCatalogVersion(trx)
    return id
  })
}

/** Saves types whose change joins and splits nobody. */
export async function saveIdTypes(db: Db, changed: readonly IdType[], operator: Actor): Promise<void> {
  await shortChange(db, async (trx) => {
    await refuseWhileRemapping(trx)
    const items = itemsOf(await listIdTypes(trx), changed)
    if (items.length === 0) return
    await setIdTypes(trx, changed)
    await insertHistory(trx, { kind: 'settings', title: `ID type ${changed[0]?.name} changed`, operator, items })
    await raiseCatalogVersion(trx)
  })
}

/** Removes an own type that no column uses. */
export async function removeIdType(db: Db, id: number, operator: Actor): Promise<IdType> {
  return shortChange(db, async (trx) => {
    await refuseWhileRemapping(trx)
    const type = (await listIdTypes(trx)).find((candidate) => candidate.id === id && !candidate.preset)
    if (!type) throw new NotFound('There is no such ID type of your own.')
    if (await isIdTypeUsed(trx, type.code)) throw new Conflict(`${type.name} is used by a column of a source. Give that column another type first.`)
    await deleteIdType(trx, id)
    await insertHistory(trx, { kind: 'settings', title: `ID type ${type.name} deleted`, operator, items: [{ table: 'id_types', column: type.code, before: plain(type), after: null }] })
    await raiseCatalogVersion(trx)
    return type
  })
}

/** What differs between stored types and changed ones, one item for each type. */
export function itemsOf(before: readonly IdType[], changed: readonly IdType[]): ActItem[] {
  return changed.flatMap((after) => {
    const old = before.find((type) => type.id === after.id)
    if (!old || JSON.stringify(plain(old)) === JSON.stringify(plain(after))) return []
    return [{ table: 'id_types', column: after.code, before: plain(old), after: plain(after) }]
  })
}

function plain({ name, priority, single, enabled, mapping }: Omit<IdType, 'id' | 'preset' | 'code'>): object {
  return { name, priority, single, enabled, mapping }
}
