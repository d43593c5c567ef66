import type { Transaction } from 'kysely'
import type { Attribute } from '../catalog/catalog.ts'
import { getCatalog, raiseCatalogVersion } from '../catalog/queries.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict, NotFound } from '../problem.ts'
import { maxAttributes, needsReproject, sqlTypeOf } from './attribute.ts'
import type { AttributeValue } from './forms.ts'
import { addUsersColumn, countHandSet, deleteAttribute, dropUsersColumn, holdLanes, insertAttribute, isAttributeMapped, setAttribute } from './queries.ts'

export interface Actor { id: number; name: string }

/** Adds an own attribute with its column in the projection; empty until a column feeds it. */
export async function addAttribute(db: Db, value: AttributeValue, operator: Actor): Promise<number> {
  return shortChange(db, async (trx) => {
    await refuseWhileAtWork(trx)
    const { attributes } = await getCatalog(trx)
    if (attributes.length >= maxAttributes) throw new Conflict(`There can be at most ${maxAttributes} attributes.`)
    const id = await insertAttribute(trx, value)
    await addUsersColumn(trx, `a${id}`, sqlTypeOf(value.type))
    await insertHistory(trx, { kind: 'structure', title: `Attribute ${value.name} added`, operator, fields: [`attribute:${value.code}`], items: [{ table: 'attributes', column: value.code, before: null, after: value }] })
    await raiseCatalogVersion(trx)
    return id
  })
}

/** Saves an attribute. Answers the job that works the values of users out anew, where the change needs it. */
export async function saveAttribute(db: Db, queue: Queue, id: number, value: AttributeValue, operator: Actor): Promise<number | null> {
  const jobId = await shortChange(db, async (trx) => {
    const before = await findAttribute(trx, id)
    if (JSON.stringify(plain(before)) === JSON.stringify(plain(value))) return null
    await setAttribute(trx, id, value)
    const job = needsReproject(before, value) ? await queue.enqueue(trx, { kind: 'reproject', title: `Attribute ${value.name} changed`, payload: {}, operatorId: operator.id }) : null
    await insertHistory(trx, { kind: 'structure', title: `Attribute ${value.name} changed`, operator, jobId: job, fields: [`attribute:${before.code}`], items: [{ table: 'attributes', column: before.code, before: plain(before), after: plain(value) }] })
    await raiseCatalogVersion(trx)
    return job
  })
  if (jobId !== null) await queue.wake(jobId)
  return jobId
}

/** Removes an own attribute that no column feeds and nobody set by hand. */
export async function removeAttribute(db: Db, id: number, operator: Actor): Promise<Attribute> {
  return shortChange(db, async (trx) => {
    await refuseWhileAtWork(trx)
    const attribute = await findAttribute(trx, id)
    if (attribute.preset) throw new NotFound('Preset attributes stay.')
    if (await isAttributeMapped(trx, attribute.code)) throw new Conflict(`${attribute.name} is fed by a column of a source. Give that column another use first.`)
    const byHand = await countHandSet(trx, id)
    if (byHand > 0) throw new Conflict(`${attribute.name} was set by hand for ${byHand} users. Return those values first.`)
    await deleteAttribute(trx, id)
    await dropUsersColumn(trx, attribute.column)
    await insertHistory(trx, { kind: 'structure', title: `Attribute ${attribute.name} deleted`, operator, fields: [`attribute:${attribute.code}`], items: [{ table: 'attributes', column: attribute.code, before: plain(attribute), after: null }] })
    await raiseCatalogVersion(trx)
    return attribute
  })
}

async function refuseWhileAtWork(trx: Transaction<Database>): Promise<void> {
  if (!(await holdLanes(trx))) throw new Conflict('Data is being imported, worked out anew or counted at the moment. Attributes can be added and deleted when that is done; nothing was saved.')
}

async function findAttribute(trx: Transaction<Database>, id: number): Promise<Attribute> {
  const attribute = (await getCatalog(trx)).attributes.find((candidate) => candidate.id === id)
  if (!attribute) throw new NotFound('There is no such attribute.')
  return attribute
}

function plain({ name, description, rule, sourceOrder, filterIndex }: Pick<AttributeValue, 'name' | 'description' | 'rule' | 'sourceOrder' | 'filterIndex'>): object {
  return { name, description, rule, sourceOrder, filterIndex }
}
