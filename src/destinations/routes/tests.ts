import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listRoles } from '../../access/queries.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { partialTarget } from '../../http/page.ts'
import { NotFound, type FieldMessages } from '../../problem.ts'
import type { Services } from '../../services.ts'
import type { Destination, Secrets } from '../destination.ts'
import { checkDestination, inputOf, readDestination, type DestinationInput } from '../forms.ts'
import { problemsOfMessage } from '../message.ts'
import { openSecrets } from '../open-sender.ts'
import { getDestination } from '../queries.ts'
import { seenOf } from '../save-destination.ts'
import { destinationKeys } from '../seal.ts'
import { sendTestMail } from '../send-test-mail.ts'
import { DestinationDown } from '../sender.ts'
import { recordTest, testDestination, type TestResult } from '../test-destination.ts'
import { formModel, type TestMail } from '../views/form.ts'
import { kindOf } from './form.ts'
import { circumstancesOf, config, ofDestination, type WithDestination } from './of-destination.ts'

/** Trying what the form says before it is saved, and a mail to oneself. */
export function registerTests(app: FastifyInstance, services: Services): void {
  const { db, dataDir, outside } = services
  const circumstances = circumstancesOf(services)

  /** Beside the form where htmx asked; else the whole form again, without the secrets that were typed. */
  async function answer(request: FastifyRequest, reply: FastifyReply, shown: { destination?: Destination; input: DestinationInput; messages?: FieldMessages; test: TestResult; testMail?: TestMail }) {
    if (partialTarget(request) === 'test-result') return reply.fragment('destinations/_test', { test: shown.test })
    const model = formModel({ ...shown, roles: await listRoles(db), circumstances, email: actorOf(request).email })
    return reply.page('destinations/form', model, { title: shown.destination?.name ?? 'New destination', status: Object.keys(shown.messages ?? {}).length ? 422 : 200 })
  }

  async function testInput(request: FastifyRequest, reply: FastifyReply, input: DestinationInput, destination?: Destination) {
    const { settings, kept, messages: { name: _unnamed, ...messages } } = checkDestination(input, destination, circumstances)
    if (Object.keys(messages).length) return answer(request, reply, { destination, input, messages, test: { passed: false, text: `Nothing was tried. ${Object.values(messages).join(' ')}` } })
    try {
      const opened = destination && kept.length ? openSecrets(await destinationKeys(dataDir), destination) : {}
      const secrets: Secrets = { ...Object.fromEntries(kept.map((name) => [name, opened[name]])), ...input.typed }
      const test = await testDestination(input.kind, settings, secrets, { outside, log: { info: (data, text) => { request.log.info(data, text) } } })
      const unchanged = destination && !Object.keys(input.typed).length && isDeepStrictEqual(settings, destination.settings) && input.seen === seenOf(destination)
      if (unchanged) await recordTest(db, destination.id, test, actorOf(request))
      return await answer(request, reply, { destination, input, test })
    } catch (error) {
      if (!(error instanceof DestinationDown)) throw error
      return answer(request, reply, { destination, input, test: { passed: false, text: error.message } })
    }
  }

  app.post('/settings/destinations/test', { config }, async (request, reply) => testInput(request, reply, readDestination(kindOf(textOf(request.body, 'kind')), request.body)))

  app.post<WithDestination>('/settings/destinations/:id/test', { config, schema: ofDestination }, async (request, reply) => {
    const destination = await getDestination(db, request.params.id)
    return testInput(request, reply, readDestination(destination.kind, request.body), destination)
  })

  app.post<WithDestination>('/settings/destinations/:id/test-mail', { config, schema: ofDestination }, async (request, reply) => {
    const destination = await getDestination(db, request.params.id)
    if (destination.kind !== 'email') throw new NotFound('This destination sends no mails.')
    const operator = actorOf(request)
    const message = { subject: textOf(request.body, 'subject'), text: textOf(request.body, 'text') }
    const messages = problemsOfMessage(message, ['name'], { subject: true })
    const again = async (more: Partial<TestMail>) => reply.page('destinations/form', formModel({
      destination, input: inputOf(destination, seenOf(destination)), roles: await listRoles(db), circumstances, email: operator.email, testMail: { message, messages, problem: '', ...more }
    }), { title: destination.name, status: 422 })
    if (Object.keys(messages).length) return again({})
    try {
      await sendTestMail(services, destination, message, { name: operator.name }, operator)
      return await reply.notice(`A test mail was sent to ${operator.email}.`).goTo(`/settings/destinations/${destination.id}`)
    } catch (error) {
      if (error instanceof DestinationDown) return again({ problem: error.message })
      throw error
    }
  })
}
