import type { FastifyInstance } from 'fastify'
import type { Access } from '../access/access.ts'
import { actorOf } from '../http/guard.ts'
import { NotFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { addAttribute, removeAttribute, saveAttribute } from './change-attributes.ts'
import { inputOfAttribute, isMove, parseAttribute, readAttribute, type AttributeInput } from './forms.ts'
import { listAttributeStatistics } from './queries.ts'
import { attributeModel, attributesModel, feedsOf } from './views.ts'

const config = { permission: 'attributes' as const }
const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }
type WithId = { Params: { id: number } }
const blank: AttributeInput = { code: '', name: '', type: 'text', choices: '', description: '', rule: 'latest', order: [], filterIndex: false }

export async function registerAttributes(app: FastifyInstance, { db, queue, timeZone }: Services): Promise<void> {
  app.get('/settings/attributes', { config }, async (request, reply) => {
    const statistics = await listAttributeStatistics(db, request.access.attributes.map((attribute) => attribute.id))
    return reply.page('attributes/list', attributesModel(request.access, statistics, timeZone), { title: 'Attributes' })
  })

  app.get('/settings/attributes/new', { config }, async (_request, reply) => {
    return reply.page('attributes/attribute', attributeModel(undefined, blank, []), { title: 'New attribute' })
  })

  app.post('/settings/attributes', { config }, async (request, reply) => {
    const input = readAttribute(request.body)
    const { value, messages } = parseAttribute(input, undefined, request.catalog.attributes)
    if (!value) return reply.page('attributes/attribute', attributeModel(undefined, input, [], messages), { title: 'New attribute', status: 422 })
    await addAttribute(db, value, actorOf(request))
    return reply.notice(`${value.name} was added. Columns can feed it from now on.`).goTo('/settings/attributes')
  })

  app.get<WithId>('/settings/attributes/:id', { config, schema }, async (request, reply) => {
    const attribute = attributeOf(request.access, request.params.id)
    return reply.page('attributes/attribute', attributeModel(attribute, inputOfAttribute(attribute), feedsOf(request.access, attribute.code)), { title: attribute.name })
  })

  app.post<WithId>('/settings/attributes/:id', { config, schema }, async (request, reply) => {
    const attribute = attributeOf(request.access, request.params.id)
    const input = readAttribute(request.body)
    const feeds = feedsOf(request.access, attribute.code)
    // An arrow moves a source in the form; nothing is saved before Save.
    if (isMove(request.body)) return reply.page('attributes/attribute', attributeModel(attribute, { ...input, code: attribute.code, type: attribute.type, rule: 'order' }, feeds), { title: attribute.name })
    const { value, messages } = parseAttribute(input, attribute, request.catalog.attributes)
    if (!value) return reply.page('attributes/attribute', attributeModel(attribute, { ...input, code: attribute.code, type: attribute.type }, feeds, messages), { title: attribute.name, status: 422 })
    const jobId = await saveAttribute(db, queue, attribute.id, value, actorOf(request))
    if (jobId !== null) return reply.goTo(`/settings/jobs/${jobId}`)
    return reply.notice(`${value.name} was saved.`).goTo('/settings/attributes')
  })

  app.post<WithId>('/settings/attributes/:id/deletion', { config, schema }, async (request, reply) => {
    attributeOf(request.access, request.params.id)
    const attribute = await removeAttribute(db, request.params.id, actorOf(request))
    return reply.notice(`${attribute.name} was deleted.`).goTo('/settings/attributes')
  })
}

function attributeOf(access: Access, id: number) {
  const attribute = access.attributes.find((candidate) => candidate.id === id)
  if (!attribute) throw new NotFound('There is no such attribute.')
  return attribute
}
