import type { FastifyInstance } from 'fastify'
import type { Db } from '../../db/database.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { addGroup, noGroup, removeGroup, saveGroup } from '../change-groups.ts'
import { groupIdOf, groupValueOf, readGroupForm } from '../forms.ts'
import { familyOf, type AudienceGroup } from '../group.ts'
import { listGroups } from '../queries/groups.ts'
import { groupDeletionModel, groupModel } from '../views/groups.ts'
import { schema, type WithId } from './audience.ts'

const config = { permission: 'audiences.manage' as const }

/** The tree of groups, which all who manage audiences share. */
export function registerGroups(app: FastifyInstance, { db }: Services): void {
  app.get('/audiences/groups/new', { config }, async (request, reply) => {
    const parent = String(groupIdOf(textOf(request.query, 'parent')) ?? '')
    return reply.page('audiences/group', groupModel(await listGroups(db), undefined, { name: '', parent }), { title: 'New group of audiences' })
  })

  app.post('/audiences/groups', { config }, async (request, reply) => {
    const input = readGroupForm(request.body)
    try {
      const id = await addGroup(db, groupValueOf(input), actorOf(request))
      return await reply.notice(`The group ${input.name} was added.`).goTo(`/audiences?group=${id}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return reply.page('audiences/group', groupModel(await listGroups(db), undefined, input, error.fields), { title: 'New group of audiences', status: 422 })
    }
  })

  app.get<WithId>('/audiences/groups/:id', { config, schema }, async (request, reply) => {
    const { groups, group } = await groupFor(db, request.params.id)
    return reply.page('audiences/group', groupModel(groups, group, { name: group.name, parent: String(group.parentId ?? '') }), { title: group.name })
  })

  app.post<WithId>('/audiences/groups/:id', { config, schema }, async (request, reply) => {
    const { groups, group } = await groupFor(db, request.params.id)
    const input = readGroupForm(request.body)
    try {
      await saveGroup(db, group.id, groupValueOf(input), actorOf(request))
      return await reply.notice(`The group ${input.name} was saved.`).goTo(`/audiences?group=${group.id}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return reply.page('audiences/group', groupModel(groups, group, input, error.fields), { title: group.name, status: 422 })
    }
  })

  app.get<WithId>('/audiences/groups/:id/deletion', { config, schema }, async (request, reply) => {
    const { groups, group } = await groupFor(db, request.params.id)
    return reply.page('audiences/question', groupDeletionModel(group, familyOf(groups, group.id).length - 1), { title: `Delete ${group.name}` })
  })

  app.post<WithId>('/audiences/groups/:id/deletion', { config, schema }, async (request, reply) => {
    const group = await removeGroup(db, request.params.id, actorOf(request))
    return reply.notice(`The group ${group.name} was deleted.`).goTo('/audiences')
  })
}

async function groupFor(db: Db, id: number): Promise<{ groups: AudienceGroup[]; group: AudienceGroup }> {
  const groups = await listGroups(db)
  const group = groups.find((candidate) => candidate.id === id)
  if (!group) throw new NotFound(noGroup)
  return { groups, group }
}
