import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listRoles } from '../../access/queries.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, NotFound, type FieldMessages } from '../../problem.ts'
import type { Services } from '../../services.ts'
import type { DestinationKind } from '../destination.ts'
import { blankInput, checkDestination, inputOf, readDestination, readKind, type DestinationInput } from '../forms.ts'
import { countUses, getDestination } from '../queries.ts'
import { deletionRefusal, removeDestination } from '../remove-destination.ts'
import { addDestination, changeDestination, seenOf, Stale } from '../save-destination.ts'
import { destinationKeys } from '../seal.ts'
import { deletionModel, formModel } from '../views/form.ts'
import { choiceModel } from '../views/list.ts'
import { circumstancesOf, config, ofDestination, type WithDestination } from './of-destination.ts'

/** Adding, changing and deleting destinations. */
export function registerDestinationForms(app: FastifyInstance, services: Services): void {
  const { db, dataDir } = services
  const circumstances = circumstancesOf(services)

  const newPage = async (request: FastifyRequest, reply: FastifyReply, input: DestinationInput, messages: FieldMessages = {}) =>
    reply.page('destinations/form', formModel({ input, messages, roles: await listRoles(db), circumstances, email: actorOf(request).email }), { title: `New ${input.kind} destination`, status: Object.keys(messages).length ? 422 : 200 })

  app.get('/settings/destinations/new', { config }, async (request, reply) => {
    const kind = textOf(request.query, 'kind')
    return kind === '' ? reply.page('destinations/choice', choiceModel, { title: 'New destination' }) : newPage(request, reply, blankInput(kindOf(kind)))
  })

  app.post('/settings/destinations', { config }, async (request, reply) => {
    const input = readDestination(kindOf(textOf(request.body, 'kind')), request.body)
    const { settings, kept, messages } = checkDestination(input, undefined, circumstances)
    if (Object.keys(messages).length) return newPage(request, reply, input, messages)
    try {
      await addDestination(db, await destinationKeys(dataDir), input.kind, { ...input, settings, kept }, actorOf(request))
      return await reply.notice(`The destination ${input.name} was added.`).goTo('/settings/destinations')
    } catch (error) {
      if (error instanceof Invalid) return newPage(request, reply, input, error.fields)
      throw error
    }
  })

  app.get<WithDestination>('/settings/destinations/:id', { config, schema: ofDestination }, async (request, reply) => {
    const destination = await getDestination(db, request.params.id)
    const model = formModel({ destination, input: inputOf(destination, seenOf(destination)), roles: await listRoles(db), circumstances, email: actorOf(request).email })
    return reply.page('destinations/form', model, { title: destination.name })
  })

  app.post<WithDestination>('/settings/destinations/:id', { config, schema: ofDestination }, async (request, reply) => {
    const destination = await getDestination(db, request.params.id)
    const input = readDestination(destination.kind, request.body)
    const again = async (messages: FieldMessages) => reply.page('destinations/form', formModel({ destination, input, messages, roles: await listRoles(db), circumstances, email: actorOf(request).email }), { title: destination.name, status: 422 })
    const { settings, kept, messages } = checkDestination(input, destination, circumstances)
    if (Object.keys(messages).length) return again(messages)
    try {
      await changeDestination(db, await destinationKeys(dataDir), destination.id, { ...input, settings, kept }, actorOf(request))
      return await reply.notice(`${input.name} was saved.`).goTo('/settings/destinations')
    } catch (error) {
      if (error instanceof Invalid) return again(error.fields)
      if (!(error instanceof Stale)) throw error
      const now = await getDestination(db, destination.id)
      return reply.page('destinations/form', formModel({ destination: now, input: inputOf(now, seenOf(now)), roles: await listRoles(db), circumstances, email: actorOf(request).email, problem: error.message }), { title: now.name, status: 409 })
    }
  })

  app.get<WithDestination>('/settings/destinations/:id/deletion', { config, schema: ofDestination }, async (request, reply) => {
    const destination = await getDestination(db, request.params.id)
    return reply.page('destinations/deletion', deletionModel(destination, deletionRefusal(await countUses(db, destination.id))), { title: `Delete ${destination.name}` })
  })

  app.post<WithDestination>('/settings/destinations/:id/deletion', { config, schema: ofDestination }, async (request, reply) => {
    const destination = await removeDestination(db, request.params.id, actorOf(request))
    return reply.notice(`The destination ${destination.name} was deleted.`).goTo('/settings/destinations')
  })
}

export function kindOf(text: string): DestinationKind {
  const kind = readKind(text)
  if (!kind) throw new NotFound('There is no such kind of destination.')
  return kind
}
