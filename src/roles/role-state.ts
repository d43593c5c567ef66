import { createHash } from 'node:crypto'
import { attributeLevel, columnLevel } from '../access/grants.ts'
import type { Role } from '../access/role.ts'
import type { CatalogColumn, CatalogSource } from '../catalog/catalog.ts'
import { Conflict } from '../problem.ts'

/** Somebody else changed the same part of a role after its form was opened. */
export class Stale extends Conflict {
  constructor() { super('Somebody else changed this after you opened it. Nothing of yours was saved: below is what stands now.') }
}

/** A source with the columns that can be granted one by one, as far as the operator who grants them sees it. */
export interface GrantSource extends Pick<CatalogSource, 'id' | 'alias' | 'keyColumn' | 'userCount'> { columns: readonly CatalogColumn[] }

/** The parts of a role that are changed apart. A form carries what it showed in one word; another word later means that somebody was quicker. */
export const seenOf = {
  details: (role: Role) => word([role.name, role.description, role.isDefault, role.needsTwoStep]),
  permissions: (role: Role) => word([...role.permissions].toSorted()),
  source: (role: Role, source: GrantSource) => word([columnLevel(role.grants, source.id, null), source.columns.map(({ id }) => [id, columnLevel(role.grants, source.id, id)])]),
  attributes: (role: Role, codes: readonly string[]) => word(codes.map((code) => [code, attributeLevel(role.grants, code)])),
  rows: (role: Role, sourceId: number) => word(role.grants.sources.get(sourceId)?.rowCondition ?? null)
}

function word(state: unknown): string {
  return createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 22)
}

/** Throws Stale unless the part is as the form showed it. */
export function refuseStale(seen: string, now: string): void {
  if (seen !== now) throw new Stale()
}
