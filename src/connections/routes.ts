import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actorOf, mayOf } from '../http/guard.ts'
import { Invalid } from '../problem.ts'
import type { Services } from '../services.ts'
import { addressOf } from './address.ts'
import type { Connection } from './connection.ts'
import { readConnection, typedConnection } from './forms.ts'
import { getConnection, listConnections, listUses } from './queries.ts'
import { removeConnection } from './remove-connection.ts'
import { refuseBorrowing, saveConnection } from './save-connection.ts'
import { testConnection } from './test-connection.ts'
import { connectionModel, connectionsModel, type ConnectionState } from './views.ts'

const permission = 'connections'
const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } }
type WithId = { Params: { id: number } }

/** Other databases that sources are read from. */
export function registerConnections(app: FastifyInstance, { db, dataDir }: Services): void {
  app.get('/settings/connections', { config: { permission } }, async (request, reply) => {
    return reply.page('connections/list', connectionsModel(await listConnections(db), await listUses(db), makesSources(request)), { title: 'Connections' })
  })

  app.get('/settings/connections/new', { config: { permission } }, async (request, reply) => answer(request, reply, { kept: null }))
  app.get<WithId>('/settings/connections/:id', { config: { permission }, schema }, async (request, reply) => answer(request, reply, { kept: await getConnection(db, request.params.id) }))

  app.post('/settings/connections', { config: { permission } }, async (request, reply) => save(request, reply, null))
  app.post<WithId>('/settings/connections/:id', { config: { permission }, schema }, async (request, reply) => save(request, reply, await getConnection(db, request.params.id)))
  app.post('/settings/connections/test', { config: { permission } }, async (request, reply) => test(request, reply, null))
  app.post<WithId>('/settings/connections/:id/test', { config: { permission }, schema }, async (request, reply) => test(request, reply, await getConnection(db, request.params.id)))

  app.post<WithId>('/settings/connections/:id/removal', { config: { permission }, schema }, async (request, reply) => {
    const name = await removeConnection(db, request.params.id, actorOf(request))
    return reply.notice(`The connection ${name} is removed.`).goTo('/settings/connections')
  })

  async function save(request: FastifyRequest, reply: FastifyReply, kept: Connection | null): Promise<FastifyReply> {
    return withInput(request, reply, kept, async (input) => {
      const id = await saveConnection({ db, dataDir }, kept?.id ?? null, input, actorOf(request))
      return reply.notice(`The connection ${input.name} is saved.`).goTo(`/settings/connections/${id}`)
    })
  }

  /** Tries what is typed; nothing is saved. */
  async function test(request: FastifyRequest, reply: FastifyReply, kept: Connection | null): Promise<FastifyReply> {
    return withInput(request, reply, kept, async (input) => {
      refuseBorrowing(kept, input)
      const address = kept && input.password === '' ? { ...input, password: (await addressOf(dataDir, kept)).password } : input
      return answer(request, reply, { kept, typed: typedConnection(request.body), tested: await testConnection(address, input) })
    })
  }

  async function withInput(request: FastifyRequest, reply: FastifyReply, kept: Connection | null, act: (input: NonNullable<ReturnType<typeof readConnection>['input']>) => Promise<FastifyReply>): Promise<FastifyReply> {
    const typed = typedConnection(request.body)
    const { input, messages } = readConnection(typed)
    if (!input) return answer(request, reply, { kept, typed, messages, problem: 'Put the marked fields right.', tested: untried(Object.values(messages)) }, 422)
    try {
      return await act(input)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return answer(request, reply, { kept, typed, messages: error.fields, problem: error.message, tested: untried(Object.values(error.fields)) }, 422)
    }
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, state: Omit<ConnectionState, 'uses' | 'makesSources'>, status = 200): Promise<FastifyReply> {
    const uses = state.kept ? (await listUses(db)).filter((use) => use.connectionId === state.kept?.id).length : 0
    return reply.page('connections/connection', connectionModel({ ...state, uses, makesSources: makesSources(request) }), { title: state.kept?.name ?? 'New connection', status, fragments: { tested: 'connections/_tested' } })
  }
}

/** Where only the answer of a test is shown, it says what is wrong with the fields. */
function untried(messages: string[]): { works: boolean; words: string } {
  return { works: false, words: `Not tried. ${messages.join(' ')}` }
}

/** Making a source of a table is also describing a source, and importing. */
function makesSources(request: FastifyRequest): boolean {
  const may = mayOf(request)
  return may('sources') && may('imports')
}
