import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may } from '../../access/permissions.ts'
import { actorOf } from '../../http/guard.ts'
import type { Services } from '../../services.ts'
import { readPermissions } from '../forms.ts'
import { listHolders } from '../queries.ts'
import { Stale } from '../role-state.ts'
import { savePermissions } from '../save-permissions.ts'
import { permissionsModel } from '../views/permissions.ts'
import { operatorsModel } from '../views/role.ts'
import { allRoles, config, ofRole, roleOf, type WithRole } from './role-of.ts'

const mostHolders = 500

/** What a role may do, and who holds it. */
export function registerPermissions(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get('/settings/roles', { config }, async (request, reply) => {
    const { roles } = await allRoles(db, request)
    const first = roles.find((role) => role.isDefault) ?? roles.find((role) => !role.administrator) ?? roles[0]!
    return reply.redirect(`/settings/roles/${first.id}`, 303)
  })

  app.get<WithRole>('/settings/roles/:id', { config, schema: ofRole }, async (request, reply) => {
    const { all, role } = await roleOf(db, request)
    return reply.page('roles/permissions', permissionsModel(all, role), { title: `Roles: ${role.name}` })
  })

  app.post<WithRole>('/settings/roles/:id/permissions', { config, schema: ofRole }, async (request: FastifyRequest<WithRole>, reply) => {
    try {
      const changed = await savePermissions(db, request.params.id, readPermissions(request.body), actorOf(request))
      return reply.notice(changed ? 'The permissions were saved. They hold from now on.' : 'Nothing was changed.').goTo(`/settings/roles/${request.params.id}`)
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      const { all, role } = await roleOf(db, request)
      return reply.page('roles/permissions', permissionsModel(all, role, error.message), { title: `Roles: ${role.name}`, status: 409 })
    }
  })

  app.get<WithRole>('/settings/roles/:id/operators', { config, schema: ofRole }, async (request, reply) => {
    const { all, role } = await roleOf(db, request)
    return reply.page('roles/operators', operatorsModel(all, role, await listHolders(db, role.id, mostHolders), { timeZone, mayOpen: may(actorOf(request), 'operators') }), { title: `Operators of ${role.name}` })
  })
}
