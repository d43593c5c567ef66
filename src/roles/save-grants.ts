import { attributeLevel, columnLevel, type GrantLevel, type SourceGrant } from '../access/grants.ts'
import type { Db } from '../db/database.ts'
import { changeRole, type Actor } from './change-role.ts'
import { refuseExcess } from './own.ts'
import { setAttributeGrants, setSourceGrant } from './queries.ts'
import { refuseStale, seenOf, type GrantSource } from './role-state.ts'

export interface WantedColumns { levels: ReadonlyMap<number, GrantLevel>; otherwise: GrantLevel | null; seen: string }

/** Which kinds of columns are granted one by one; those of attributes follow their attribute. */
export const grantedKinds: readonly string[] = ['id', 'tag']

/**
 * Sets what a role sees of a source. Every column there is gets a level of its own, so that the one for later columns opens
 * none of them. Columns that are not named stay as they are. Answers whether anything changed.
 */
export async function saveColumns(db: Db, id: number, source: GrantSource, wanted: WantedColumns, operator: Actor): Promise<boolean> {
  return changeRole(db, id, operator, async ({ trx, own, catalog, record }, role) => {
    refuseStale(wanted.seen, seenOf.source(role, source))
    const named = source.columns.filter((column) => wanted.levels.has(column.id))
    const all = (catalog.sources.find((one) => one.id === source.id)?.columns ?? []).filter((column) => grantedKinds.includes(column.kind))
    const levelNow = (columnId: number | null) => columnLevel(role.grants, source.id, columnId)
    const otherwise = wanted.otherwise ?? levelNow(null)
    const columns = new Map(all.map((column) => [column.id, named.some((one) => one.id === column.id) ? wanted.levels.get(column.id)! : levelNow(column.id)]))
    const changed = all.filter((column) => columns.get(column.id) !== levelNow(column.id))
    if (changed.length === 0 && otherwise === levelNow(null)) return false
    const grant: SourceGrant = { otherwise, columns, rowCondition: role.grants.sources.get(source.id)?.rowCondition ?? null }
    refuseExcess(own, role, { permissions: role.permissions, grants: { attributes: role.grants.attributes, sources: new Map([...role.grants.sources, [source.id, grant]]) } }, catalog)
    await setSourceGrant(trx, id, source.id, otherwise, columns)
    await record(`Role ${role.name}, data of ${source.alias} changed`, [
      ...changed.map((column) => ({ table: 'column_grants', column: column.name, before: levelNow(column.id), after: columns.get(column.id) })),
      ...(otherwise === levelNow(null) ? [] : [{ table: 'source_grants', column: '', field: 'later columns', before: levelNow(null), after: otherwise }])
    ], source.id)
    return true
  })
}

export interface WantedAttributes { levels: ReadonlyMap<string, GrantLevel>; seen: string }

/** Sets what a role sees of these attributes; all others stay as they are. Answers whether anything changed. */
export async function saveAttributes(db: Db, id: number, codes: readonly string[], wanted: WantedAttributes, operator: Actor): Promise<boolean> {
  return changeRole(db, id, operator, async ({ trx, own, catalog, record }, role) => {
    refuseStale(wanted.seen, seenOf.attributes(role, codes))
    const changed = new Map([...wanted.levels].filter(([code, level]) => codes.includes(code) && attributeLevel(role.grants, code) !== level))
    if (changed.size === 0) return false
    refuseExcess(own, role, { permissions: role.permissions, grants: { sources: role.grants.sources, attributes: new Map([...role.grants.attributes, ...changed]) } }, catalog)
    await setAttributeGrants(trx, id, changed)
    await record(`Role ${role.name}, attributes changed`, [...changed].map(([code, level]) => ({ table: 'attributes', column: code, before: attributeLevel(role.grants, code), after: level })))
    return true
  })
}
