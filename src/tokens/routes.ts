import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actorOf } from '../http/guard.ts'
import { Invalid, type FieldMessages } from '../problem.ts'
import type { Services } from '../services.ts'
import { firstToken, problemsOfToken, readToken, type TokenInput } from './forms.ts'
import { makeToken } from './make-token.ts'
import { listTokens } from './queries.ts'
import { tokensModel, type TokensModel } from './views.ts'
import { withdrawToken } from './withdraw-token.ts'

const config = { permission: 'tokens' as const }
const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } }

/** Tokens for programs that use the API: one's own, and for administrators those of others. */
export async function registerTokens(app: FastifyInstance, { db, timeZone }: Services): Promise<void> {
  app.get('/tokens', { config }, async (request, reply) => page(request, reply, firstToken))

  app.post('/tokens', { config }, async (request, reply) => {
    const input = readToken(request.body)
    const messages = problemsOfToken(input)
    if (Object.keys(messages).length || input.days === null) return page(request, reply, input, messages)
    try {
      const secret = await makeToken(db, actorOf(request), { ...input, days: input.days })
      return await page(request, reply, firstToken, {}, { name: input.name, secret })
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return page(request, reply, input, error.fields)
    }
  })

  app.post<{ Params: { id: number } }>('/tokens/:id/withdrawal', { config, schema }, async (request, reply) => {
    const { name } = await withdrawToken(db, actorOf(request), request.params.id)
    return reply.notice(`The token ${name} is withdrawn: it works no longer.`).goTo('/tokens')
  })

  async function page(request: FastifyRequest, reply: FastifyReply, input: TokenInput, messages: FieldMessages = {}, made: TokensModel['made'] = null) {
    const { id, administrator, permissions } = actorOf(request)
    const others = administrator ? await listTokens(db, id, true) : null
    const model = tokensModel({ own: await listTokens(db, id, false), others, held: permissions, timeZone, now: new Date() }, input, messages, made)
    return reply.page('tokens/list', model, { title: 'API tokens', status: Object.keys(messages).length ? 422 : 200 })
  }
}
