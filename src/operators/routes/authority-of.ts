import type { FastifyRequest } from 'fastify'
import type { Role } from '../../access/role.ts'
import { actorOf } from '../../http/guard.ts'
import type { Authority } from '../authority.ts'
import { rolesOf } from '../change-accounts.ts'

/** What the page may offer to who asks; what they may really do is read again where it is done. Those who look through a role's eyes have its authority. */
export function authorityOf(request: FastifyRequest, roles: readonly Role[]): Authority {
  const { id, name, administrator, roleIds, seeingAs } = actorOf(request)
  return { id, name, administrator, held: rolesOf(roles, seeingAs ? [seeingAs.id] : roleIds) }
}
