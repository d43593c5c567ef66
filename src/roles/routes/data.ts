import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { columnLevels, readLevels } from '../forms.ts'
import { Stale } from '../role-state.ts'
import { grantedKinds, saveAttributes, saveColumns } from '../save-grants.ts'
import { dataModel, type Grantable } from '../views/data.ts'
import { config, ofRole, roleOf, type WithRole, type WithSource } from './role-of.ts'

/** What a role sees: attributes, and the columns of one source at a time. */
export function registerData(app: FastifyInstance, { db }: Services): void {
  app.get<WithRole>('/settings/roles/:id/data', { config, schema: ofRole }, async (request, reply) => {
    const { all, role } = await roleOf(db, request)
    const asked = { of: textOf(request.query, 'of') || 'attributes', search: textOf(request.query, 'q').slice(0, 200) }
    return reply.page('roles/data', dataModel(all, role, grantableTo(request), asked), { title: `Data of ${role.name}` })
  })

  app.post<WithRole>('/settings/roles/:id/data/attributes', { config, schema: ofRole }, async (request, reply) => {
    const { levels, seen } = readLevels(request.body)
    const codes = grantableTo(request).attributes.map(({ code }) => code)
    return answer(request, reply, 'attributes', () => saveAttributes(db, request.params.id, codes, { levels, seen }, actorOf(request)))
  })

  app.post<WithSource>('/settings/roles/:id/data/:source', { config, schema: ofRole }, async (request, reply) => {
    const { levels, later, seen } = readLevels(request.body)
    const source = grantableTo(request).sources.find(({ id }) => id === request.params.source)
    if (!source) throw new NotFound('There is no such source.')
    return answer(request, reply, String(source.id), () => saveColumns(db, request.params.id, source, { levels: columnLevels(levels), otherwise: later, seen }, actorOf(request)))
  })

  async function answer(request: FastifyRequest<WithRole>, reply: FastifyReply, of: string, save: () => Promise<boolean>) {
    const search = textOf(request.body, 'q').slice(0, 200)
    try {
      const changed = await save()
      const address = new URLSearchParams({ of, ...(search ? { q: search } : {}) }).toString()
      return await reply.notice(changed ? 'The grants were saved. They hold from now on.' : 'Nothing was changed.').goTo(`/settings/roles/${request.params.id}/data?${address}`)
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      const { all, role } = await roleOf(db, request)
      return reply.page('roles/data', dataModel(all, role, grantableTo(request), { of, search }, error.message), { title: `Data of ${role.name}`, status: 409 })
    }
  }
}

/** Whoever sees everything grants everything, what was never imported included; others what they see themselves, and no other name is told. */
function grantableTo(request: FastifyRequest): Grantable {
  const { access, catalog } = request
  const sources = actorOf(request).administrator ? catalog.sources.filter((source) => !source.removing) : access.sources
  return {
    attributes: access.attributes, userCounts: access.everyUser,
    sources: sources.map((source) => ({ ...source, columns: source.columns.filter((column) => grantedKinds.includes(column.kind)) }))
  }
}
