import type { FastifyRequest } from 'fastify'
import { listRoles } from '../../access/queries.ts'
import type { Role } from '../../access/role.ts'
import type { Db } from '../../db/database.ts'
import { actorOf } from '../../http/guard.ts'
import { NotFound } from '../../problem.ts'
import { noRole } from '../change-role.ts'
import { ownOf } from '../own.ts'
import { countHolders } from '../queries.ts'
import type { AllRoles } from '../views/frame.ts'

const id = { type: 'integer', minimum: 1, maximum: 2_147_483_647 }
export const config = { permission: 'roles' as const }
export const ofRole = { params: { type: 'object', properties: { id, source: id } } }
export type WithRole = { Params: { id: number } }
export type WithSource = { Params: { id: number; source: number } }

/** All roles as they are now, with what the operator of this request holds. */
export async function allRoles(db: Db, request: FastifyRequest): Promise<AllRoles> {
  const operator = actorOf(request)
  const roles = await listRoles(db)
  return { roles, holders: await countHolders(db), own: ownOf(roles, operator.seeingAs ? [operator.seeingAs.id] : operator.roleIds), seeing: operator.seeingAs !== null }
}

export async function roleOf(db: Db, request: FastifyRequest<{ Params: { id: number } }>): Promise<{ all: AllRoles; role: Role }> {
  const all = await allRoles(db, request)
  const role = all.roles.find((candidate) => candidate.id === request.params.id)
  if (!role) throw new NotFound(noRole)
  return { all, role }
}
