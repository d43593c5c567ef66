import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IdType } from '../../catalog/catalog.ts'
import { isOn, textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { findOpenJobOfKind } from '../../jobs/queries.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { addIdType, removeIdType, saveIdTypes } from '../change-id-types.ts'
import { inputOfIdType, parseIdType, readIdType, type IdTypeInput } from '../forms.ts'
import { altersMapping, withTypes } from '../id-type.ts'
import { getMappingSettings } from '../mapping-settings.ts'
import { listIdTypes } from '../queries.ts'
import { changesOfTypes, idTypeModel, idTypesModel } from '../views/id-types.ts'
import { confirmOrApply, registerMapping, mappingInputOf } from './mapping.ts'

const title = 'ID types'
const config = { permission: 'id_types' as const }
const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 32767 } } } }
type WithId = { Params: { id: number } }

export function registerIdTypes(app: FastifyInstance, services: Services): void {
  const { db } = services

  app.get('/settings/id-types', { config }, async (request, reply) => {
    const busyJob = (await findOpenJobOfKind(db, 'remap')) ?? null
    const model = idTypesModel(request.catalog, mappingInputOf(await getMappingSettings(db)), { aesKey: services.aesKey !== null, busyJob })
    return reply.page('identities/id-types', model, { title })
  })

  app.get('/settings/id-types/new', { config }, async (request, reply) => {
    const last = Math.max(0, ...request.catalog.idTypes.map((type) => type.priority))
    const input: IdTypeInput = { code: '', name: '', priority: String(last + 1), single: false, enabled: true, mapping: false }
    return reply.page('identities/id-type', idTypeModel(undefined, input, { catalog: request.catalog, holder: '' }), { title: 'New ID type' })
  })

  app.post('/settings/id-types', { config }, async (request, reply) => {
    const input = readIdType(request.body)
    const { changed, messages } = parseIdType(input, undefined, await listIdTypes(db), false)
    if (!changed?.[0]) return reply.page('identities/id-type', idTypeModel(undefined, input, { catalog: request.catalog, holder: '' }, messages), { title: 'New ID type', status: 422 })
    await addIdType(db, changed[0], actorOf(request))
    return reply.notice(`${changed[0].name} was added. Columns can have this type from now on.`).goTo('/settings/id-types')
  })

  app.get<WithId>('/settings/id-types/:id', { config, schema }, async (request, reply) => {
    const type = typeOf(await listIdTypes(db), request.params.id)
    return reply.page('identities/id-type', idTypeModel(type, inputOfIdType(type), { catalog: request.catalog, holder: '' }), { title: type.name })
  })

  app.post<WithId>('/settings/id-types/:id', { config, schema }, async (request, reply) => {
    const settings = await getMappingSettings(db)
    const type = typeOf(settings.idTypes, request.params.id)
    const input = readIdType(request.body)
    const { changed, messages } = parseIdType(input, type, settings.idTypes, isOn(request.body, 'swap'))
    if (!changed) {
      const holder = settings.idTypes.find((other) => String(other.priority) === input.priority && other.id !== type.id)?.name ?? ''
      return reply.page('identities/id-type', idTypeModel(type, input, { catalog: request.catalog, holder }, messages), { title: type.name, status: 422 })
    }
    const idTypes = withTypes(settings.idTypes, changed)
    if (!altersMapping(settings.idTypes, idTypes)) return save(services, request, reply, changed)
    return confirmOrApply(services, request, reply, {
      settings, change: { idTypes }, changes: changesOfTypes(settings.idTypes, idTypes), title: `ID mapping: ${type.name} changed`,
      action: `/settings/id-types/${type.id}`, hidden: hiddenOf(request.body), backUrl: `/settings/id-types/${type.id}`
    })
  })

  app.post<WithId>('/settings/id-types/:id/deletion', { config, schema }, async (request, reply) => {
    const type = await removeIdType(db, request.params.id, actorOf(request))
    return reply.notice(`${type.name} was deleted.`).goTo('/settings/id-types')
  })

  registerMapping(app, services)
}

async function save({ db }: Services, request: FastifyRequest, reply: FastifyReply, changed: IdType[]): Promise<FastifyReply> {
  await saveIdTypes(db, changed, actorOf(request))
  return reply.notice(`${changed[0]?.name} was saved. No user was joined or split.`).goTo('/settings/id-types')
}

function typeOf(types: readonly IdType[], id: number): IdType {
  const type = types.find((candidate) => candidate.id === id)
  if (!type) throw new NotFound('There is no such ID type.')
  return type
}

const fieldNames = ['name', 'priority', 'single', 'enabled', 'mapping', 'swap']

/** What was typed, carried through the confirmation. */
function hiddenOf(body: unknown): Record<string, string> {
  return Object.fromEntries(fieldNames.map((name) => [name, textOf(body, name)]).filter(([, value]) => value !== ''))
}
