import type { Transaction } from 'kysely'
import type { ColumnSpec } from '../catalog/column.ts'
import { getCatalog } from '../catalog/queries.ts'
import type { Database } from '../db/database.ts'
import { insertGroup, lockGroups } from '../tags/queries.ts'
import type { StoredColumn } from './queries.ts'

/** Column specifications as they are stored: each with the id of its tag group, which is made where it is missing. Names are compared without case, as people type them. */
export async function withGroups(trx: Transaction<Database>, specs: readonly ColumnSpec[]): Promise<StoredColumn[]> {
  const groupIds = await findOrAddGroups(trx, specs.map((spec) => spec.group ?? []))
  return specs.map(({ group: _group, ...spec }, index) => ({ ...spec, groupId: groupIds[index] ?? null }))
}

/** The id of each path; null for the empty one. */
export async function findOrAddGroups(trx: Transaction<Database>, paths: readonly (readonly string[])[]): Promise<(number | null)[]> {
  if (paths.every((path) => path.length === 0)) return paths.map(() => null)
  await lockGroups(trx)
  const key = (parentId: number | null, name: string) => `${parentId ?? 0} ${name.toLowerCase()}`
  const known = new Map((await getCatalog(trx)).tagGroups.map((group) => [key(group.parentId, group.name), group.id]))
  const ids: (number | null)[] = []
  for (const path of paths) {
    let parentId: number | null = null
    for (const name of path) {
      const id: number = known.get(key(parentId, name)) ?? await insertGroup(trx, { parentId, name })
      known.set(key(parentId, name), id)
      parentId = id
    }
    ids.push(parentId)
  }
  return ids
}
