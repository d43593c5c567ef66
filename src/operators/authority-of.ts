import type { Role } from '../access/role.ts'
import type { SignedIn } from '../http/guard.ts'
import type { Authority } from './authority.ts'
import { rolesOf } from './change-accounts.ts'

/** What a page may offer to who asks; what they may really do is read again where it is done. Those who look through a role's eyes have its authority. */
export function authorityOf({ id, name, administrator, roleIds, seeingAs }: SignedIn, roles: readonly Role[]): Authority {
  return { id, name, administrator, held: rolesOf(roles, seeingAs ? [seeingAs.id] : roleIds) }
}
