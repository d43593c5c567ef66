import type { Catalog } from '../catalog/catalog.ts'
import { Access } from './access.ts'
import { covers, uniteGrants, type Grants } from './grants.ts'
import { may, permissions, type Permission } from './permissions.ts'

export interface Role {
  id: number; name: string; description: string
  /** Everything, what comes later included. */
  administrator: boolean
  isDefault: boolean
  needsTwoStep: boolean
  permissions: ReadonlySet<Permission>
  grants: Grants
}

/** What several roles may do together. */
export function permissionsOf(roles: readonly Role[]): ReadonlySet<Permission> {
  if (roles.some((role) => role.administrator)) return new Set(permissions)
  return new Set(roles.flatMap((role) => [...role.permissions]))
}

/** Does this role let its holder do and see nothing that those of `held` do not let already? */
export function addsNothing(role: Role, held: readonly Role[]): boolean {
  if (held.some((own) => own.administrator || own.id === role.id)) return true
  const own = permissionsOf(held)
  return !role.administrator && [...role.permissions].every((permission) => own.has(permission)) && covers(uniteGrants(held.map(({ grants }) => grants)), role.grants)
}

const made = new WeakMap<Catalog, WeakMap<readonly Role[], Map<string, Access>>>()

/**
 * What the holder of some of `roles` may see of the catalog. Made once for each set of roles and kept as long as both are
 * current: an answer takes no more than a look-up.
 */
export function accessOf(catalog: Catalog, roles: readonly Role[], held: readonly number[]): Access {
  const own = roles.filter((role) => held.includes(role.id))
  if (own.some((role) => role.administrator)) return Access.full(catalog)
  const ofCatalog = made.get(catalog) ?? new WeakMap<readonly Role[], Map<string, Access>>()
  made.set(catalog, ofCatalog)
  const known = ofCatalog.get(roles) ?? new Map<string, Access>()
  ofCatalog.set(roles, known)
  const key = own.map((role) => role.id).join(' ')
  const access = known.get(key) ?? Access.narrowed(catalog, uniteGrants(own.map((role) => role.grants)))
  known.set(key, access)
  return access
}

/** The same for a certain operator, with the audiences that they may know of; null: whoever holds these roles, who owns none. */
export function accessOfOperator(catalog: Catalog, roles: readonly Role[], held: readonly number[], operatorId: number | null): Access {
  const seen = may({ permissions: permissionsOf(roles.filter((role) => held.includes(role.id))) }, 'audiences.view')
  return accessOf(catalog, roles, held).withAudiences(seen ? catalog.audiences.filter((audience) => audience.shared || audience.ownerId === operatorId) : [])
}
