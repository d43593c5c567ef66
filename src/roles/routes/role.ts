import type { FastifyInstance, FastifyRequest } from 'fastify'
import { textOf, wholeNumber } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { addRole } from '../add-role.ts'
import { noRole } from '../change-role.ts'
import { problemsOfDetails, readDetails, type DetailsInput } from '../forms.ts'
import { removeRole } from '../remove-role.ts'
import { seenOf, Stale } from '../role-state.ts'
import { saveDetails } from '../save-details.ts'
import { deletionModel, editRoleModel, newRoleModel } from '../views/role.ts'
import { allRoles, config, ofRole, roleOf, type WithRole } from './role-of.ts'

const blank: DetailsInput = { name: '', description: '', isDefault: false, needsTwoStep: false, seen: '', from: null }

/** Adding, copying, naming and deleting roles. */
export function registerRoleForms(app: FastifyInstance, { db }: Services): void {
  app.get('/settings/roles/new', { config }, async (request, reply) => {
    const from = await roleToCopy(request, wholeNumber(textOf(request.query, 'from'), 1, 2_147_483_647) ?? null)
    const input = from ? { ...blank, name: `${from.name} (copy)`, description: from.description } : blank
    return reply.page('roles/role', newRoleModel(from, input), { title: from ? `Copy ${from.name}` : 'New role' })
  })

  app.post('/settings/roles', { config }, async (request, reply) => {
    const input = readDetails(request.body)
    const again = async (messages: Record<string, string>) => reply.page('roles/role', newRoleModel(await roleToCopy(request, input.from), input, messages), { title: 'New role', status: 422 })
    const messages = problemsOfDetails(input)
    if (Object.keys(messages).length) return again(messages)
    try {
      const id = await addRole(db, input, actorOf(request))
      return await reply.notice(`The role ${input.name} was added. Nobody holds it yet.`).goTo(`/settings/roles/${id}`)
    } catch (error) {
      if (error instanceof Invalid) return again(error.fields)
      throw error
    }
  })

  app.get<WithRole>('/settings/roles/:id/edit', { config, schema: ofRole }, async (request, reply) => {
    const { role } = await roleOf(db, request)
    return reply.page('roles/role', editRoleModel(role, { ...role, seen: seenOf.details(role), from: null }), { title: role.name })
  })

  app.post<WithRole>('/settings/roles/:id', { config, schema: ofRole }, async (request, reply) => {
    const { role } = await roleOf(db, request)
    const input = { ...readDetails(request.body), ...(role.administrator ? { name: role.name, description: role.description } : {}) }
    const again = (messages: Record<string, string>) => reply.page('roles/role', editRoleModel(role, input, messages), { title: role.name, status: 422 })
    const messages = problemsOfDetails(input)
    if (Object.keys(messages).length) return again(messages)
    try {
      await saveDetails(db, role.id, input, actorOf(request))
      return await reply.notice(`${input.name} was saved.`).goTo(`/settings/roles/${role.id}`)
    } catch (error) {
      if (error instanceof Invalid) return again(error.fields)
      if (!(error instanceof Stale)) throw error
      const { role: now } = await roleOf(db, request)
      return reply.page('roles/role', editRoleModel(now, { ...now, seen: seenOf.details(now), from: null }, {}, error.message), { title: now.name, status: 409 })
    }
  })

  app.get<WithRole>('/settings/roles/:id/deletion', { config, schema: ofRole }, async (request, reply) => {
    const { all, role } = await roleOf(db, request)
    return reply.page('roles/deletion', deletionModel(role, all.holders.get(role.id) ?? 0), { title: `Delete ${role.name}` })
  })

  app.post<WithRole>('/settings/roles/:id/deletion', { config, schema: ofRole }, async (request, reply) => {
    const role = await removeRole(db, request.params.id, actorOf(request))
    return reply.notice(`The role ${role.name} was deleted.`).goTo('/settings/roles')
  })

  async function roleToCopy(request: FastifyRequest, id: number | null) {
    if (id === null) return undefined
    const role = (await allRoles(db, request)).roles.find((candidate) => candidate.id === id && !candidate.administrator)
    if (!role) throw new NotFound(noRole)
    return role
  }
}
