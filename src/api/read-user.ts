import type { Access, VisibleSource } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { fieldOfAttribute, fieldOfTag, type Field } from '../conditions/field.ts'
import type { Db } from '../db/database.ts'
import { readSnapshot } from '../db/snapshot.ts'
import { NotFound } from '../problem.ts'
import { hasMoved } from '../users/field-state.ts'
import { columnsById, newestFirst, readIdCell } from '../users/id-values.ts'
import { beginReading } from '../users/queries/begin.ts'
import { listIdCells, type IdCell } from '../users/queries/id-cells.ts'
import type { Cell } from '../users/queries/list.ts'
import { findUser } from '../users/queries/profile.ts'
import { listLimit } from '../users/read-list.ts'
import { readOverrides, type ShownOverride } from '../users/read-overrides.ts'
import type { Body, identity, profileValue, user } from './schemas.ts'
import { writeTime, writeValue } from './values.ts'

/** On whose behalf something is read, and how. */
export interface Sight { access: Access; catalog: Catalog; timeZone: string; aesKey: string | null }

export const noUser = 'There is no user with this ID.'

/** Everything that the operator sees of the user who holds this number now. Throws NotFound where there is none to be seen. */
export async function readUser(db: Db, { access, catalog, timeZone, aesKey }: Sight, number: string): Promise<Body<typeof user>> {
  return readSnapshot(db, async (snapshot) => {
    await beginReading(snapshot, access, listLimit)
    const found = await findUser(snapshot, access, timeZone, number)
    if (!found) throw new NotFound(noUser)
    const overrides = new Map((await readOverrides(snapshot, access, catalog, timeZone, found.id)).map((one) => [one.field.ref as string, one]))
    const cells = await listIdCells(snapshot, access, timeZone, [found.id], () => true)
    const bySource = Map.groupBy(found.tags, ({ source }) => source)
    return {
      id: found.id, createdAt: writeTime(found.createdAt), source: nameOf(access.source(found.sourceId ?? 0)),
      attributes: access.attributes.map((attribute, index) => profileValueOf(fieldOfAttribute(attribute), found.attributes[index] ?? null, overrides)),
      identities: identitiesOf(access, cells, aesKey),
      sources: [...bySource].map(([source, tags]) => ({ id: source.id, name: source.alias, tags: tags.map((tag) => profileValueOf(fieldOfTag(tag), tag.value, overrides)) }))
    }
  })
}

/** How the API names a source; null for one that is hidden. */
export function nameOf(source: Pick<VisibleSource, 'id' | 'alias'> | undefined): { id: number; name: string } | null {
  return source ? { id: source.id, name: source.alias } : null
}

type ProfileValue = Body<typeof profileValue>

function profileValueOf(field: Field, cell: Cell, overrides: Map<string, ShownOverride>): ProfileValue {
  const decision = overrides.get(field.ref)?.decision
  return {
    field: field.ref, name: field.label, type: field.type as ProfileValue['type'], value: writeValue(field.type, cell), masked: field.masked,
    setByHand: decision ? { policy: decision.policy, at: writeTime(decision.setAt), by: decision.operator, sourceChanged: hasMoved(field, decision) } : null
  }
}

/** IDs by type, newest first; the same value of a column once, since its first arrival. */
function identitiesOf(access: Access, cells: readonly IdCell[], aesKey: string | null): Body<typeof identity>[] {
  const columns = columnsById(access)
  const values = cells.toSorted(newestFirst).flatMap((cell) => { const column = columns.get(cell.columnId); return column ? [readIdCell(cell, column, aesKey)] : [] })
  return access.idTypes.flatMap((type) => {
    const groups = Map.groupBy(values.filter((value) => value.column.idType === type.code), (value) => `${value.columnId} ${value.value}`)
    return [...groups.values()].map((same) => {
      const { column, value, plain, sourceId } = same[0]!
      const encryption = column.encryption ?? 'unencrypted'
      const since = same.map((one) => one.createdAt).reduce((first, one) => (one < first ? one : first))
      return { type: type.code, value: encryption === 'aes' ? plain ?? value : value, masked: column.masked, encryption: encryption as 'md5', source: nameOf(access.source(sourceId))!, column: column.name, since: writeTime(since) }
    })
  })
}
