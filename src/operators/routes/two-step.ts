import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { textOf as trimmed } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, type FieldMessages } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { getSetting } from '../../settings/queries.ts'
import { textOf } from '../forms.ts'
import { renewRecoveryCodes, turnOffTwoStep, turnOnTwoStep } from '../own-two-step.ts'
import { findTwoStep } from '../queries/two-step.ts'
import { newSecret } from '../totp.ts'
import { recoveryCodesModel, setUpTwoStepModel, twoStepModel } from '../views/two-step.ts'
import { beginSession } from './sign-in.ts'

const title = 'Two-step sign-in'
const config = { permission: 'signed_in' as const }

/** One's own two-step sign-in. */
export function registerTwoStep(app: FastifyInstance, { db, secretSeal, timeZone }: Services): void {
  /** The secret that is being set up; the same until it is used, so that a reload does not show another picture than was scanned. */
  function newSecretOf(request: FastifyRequest): string {
    const { id } = actorOf(request)
    const kept = request.session.get('newTwoStep') as string | undefined
    const secret = (kept && secretSeal.open(kept, id)) || newSecret()
    request.session.set('newTwoStep', secretSeal.seal(secret, id))
    return secret
  }

  async function page(request: FastifyRequest, reply: FastifyReply, messages: FieldMessages = {}): Promise<FastifyReply> {
    const { id, email, needsTwoStep } = actorOf(request)
    const state = await findTwoStep(db, id)
    const model = state ? twoStepModel(state, needsTwoStep, timeZone, messages) : setUpTwoStepModel({ secret: newSecretOf(request), installation: await getSetting(db, 'installation', 'User 360'), email }, needsTwoStep, messages)
    return reply.page('operators/two-step', model, { title, status: Object.keys(messages).length ? 422 : 200 })
  }

  /** Does something that codes or passwords can be wrong for; the page says so then. */
  async function attempt(request: FastifyRequest, reply: FastifyReply, act: () => Promise<FastifyReply>): Promise<FastifyReply> {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return page(request, reply, error.fields)
    }
  }

  const proofOf = (request: FastifyRequest) => ({ password: textOf(request.body, 'password'), code: trimmed(request.body, 'code') })

  app.get('/two-step', { config }, async (request, reply) => page(request, reply))

  app.post('/two-step', { config }, async (request, reply) => attempt(request, reply, async () => {
    const operator = actorOf(request)
    const codes = await turnOnTwoStep(db, secretSeal, operator, newSecretOf(request), trimmed(request.body, 'code'))
    await beginSession(request, operator.id)
    return reply.page('operators/recovery-codes', recoveryCodesModel(codes, 'Two-step sign-in is on'), { title })
  }))

  app.post('/two-step/recovery-codes', { config }, async (request, reply) => attempt(request, reply, async () => {
    const codes = await renewRecoveryCodes(db, secretSeal, actorOf(request), proofOf(request))
    return reply.page('operators/recovery-codes', recoveryCodesModel(codes, 'New recovery codes'), { title })
  }))

  app.post('/two-step/end', { config }, async (request, reply) => attempt(request, reply, async () => {
    await turnOffTwoStep(db, secretSeal, actorOf(request), proofOf(request))
    return reply.notice('Two-step sign-in is off.', 'warn').goTo('/two-step')
  }))
}
