import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listRoles } from '../../access/queries.ts'
import { isOn } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, type FieldMessages } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { authorityOf } from '../authority-of.ts'
import { changeOperator } from '../change-operator.ts'
import { problemsOfAccount, readAccount, type AccountInput } from '../forms/accounts.ts'
import { inviteOperator } from '../invite-operator.ts'
import { getAccount } from '../queries/accounts.ts'
import { resetTwoStep } from '../reset-two-step.ts'
import { signOutEverywhere } from '../sign-out-everywhere.ts'
import { switchOperator } from '../switch-operator.ts'
import type { LinksShown } from '../views/added.ts'
import { operatorModel } from '../views/operator.ts'
import { showLinks } from './show-links.ts'

const config = { permission: 'operators' as const }
const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }
type WithId = { Params: { id: number } }

export function registerOperator(app: FastifyInstance, services: Services): void {
  const { db, timeZone } = services

  const page = async (request: FastifyRequest<WithId>, reply: FastifyReply, more: { input?: AccountInput; messages?: FieldMessages; shown?: LinksShown } = {}) => {
    const account = await getAccount(db, request.params.id)
    if (account.removedAt) return reply.goTo(`/settings/operators/${account.id}/removal`)
    const roles = await listRoles(db)
    const model = operatorModel({ account, roles, who: authorityOf(actorOf(request), roles), timeZone }, more.input, more.messages, more.shown)
    return reply.page('operators/operator', model, { title: account.name, status: more.messages ? 422 : 200 })
  }

  app.get<WithId>('/settings/operators/:id', { config, schema }, async (request, reply) => page(request, reply))

  app.post<WithId>('/settings/operators/:id', { config, schema }, async (request, reply) => {
    const { id } = request.params
    const input = readAccount(request.body)
    const wrong = problemsOfAccount(input)
    if (Object.keys(wrong).length) return page(request, reply, { input, messages: wrong })
    try {
      const changed = await changeOperator(db, actorOf(request).id, id, input)
      return reply.notice(changed ? `${input.name} was saved.` : 'Nothing was different, so nothing was changed.').goTo('/settings/operators')
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return page(request, reply, { input, messages: error.fields })
    }
  })

  app.post<WithId>('/settings/operators/:id/invitations', { config, schema }, async (request, reply) => {
    const linked = await inviteOperator(db, actorOf(request).id, request.params.id)
    return page(request, reply, { shown: await showLinks(services, request, [linked]) })
  })

  app.post<WithId>('/settings/operators/:id/switch', { config, schema }, async (request, reply) => {
    const on = isOn(request.body, 'on')
    const { id, name } = await switchOperator(db, actorOf(request).id, request.params.id, on)
    return reply.notice(on ? `${name} is switched on again.` : `${name} is switched off.`).goTo(`/settings/operators/${id}`)
  })

  app.post<WithId>('/settings/operators/:id/two-step-reset', { config, schema }, async (request, reply) => {
    const { id, name } = await resetTwoStep(db, actorOf(request).id, request.params.id)
    return reply.notice(`Two-step sign-in of ${name} is off.`).goTo(`/settings/operators/${id}`)
  })

  app.post<WithId>('/settings/operators/:id/sign-out', { config, schema }, async (request, reply) => {
    const { id, name } = await signOutEverywhere(db, actorOf(request).id, request.params.id)
    if (id !== actorOf(request).id) return reply.notice(`${name} is signed out everywhere.`).goTo(`/settings/operators/${id}`)
    // Saving this session again would bring it back.
    await request.session.destroy()
    return reply.goTo('/sign-in')
  })
}
