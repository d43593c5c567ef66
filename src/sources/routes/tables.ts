import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addressOf } from '../../connections/address.ts'
import type { Connection } from '../../connections/connection.ts'
import { getConnection } from '../../connections/queries.ts'
import { listTables, type FoundTable } from '../../connections/queries/other.ts'
import { problemInWords } from '../../connections/words.ts'
import { readOther } from '../../db/other-database.ts'
import { textOf } from '../../form.ts'
import { mayOf } from '../../http/guard.ts'
import { Conflict, Invalid, NotAllowed } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { listSourcesOf } from '../queries/origins.ts'
import { MissingRight, takeSample } from '../take-sample.ts'
import { tablesModel } from '../views/tables.ts'
import { operatorOf } from './params.ts'

const schema = { params: { type: 'object', properties: { connection: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } }
type Route = { Params: { connection: number } }

const most = 200
const seconds = 15

/** A new source from a table of another database: which one. The columns page is next, as for a file. */
export function registerTables(app: FastifyInstance, { db, dataDir }: Services): void {
  app.get<Route>('/settings/sources/from/:connection', { config: { permission: 'connections' }, schema }, async (request, reply) => {
    refuseOthers(request)
    return answer(reply, await getConnection(db, request.params.connection), textOf(request.query, 'q'))
  })

  app.post<Route>('/settings/sources/from/:connection', { config: { permission: 'connections' }, schema }, async (request, reply) => {
    refuseOthers(request)
    const connection = await getConnection(db, request.params.connection)
    const ref = { schema: textOf(request.body, 'schema'), table: textOf(request.body, 'table') }
    try {
      return reply.goTo(`/settings/sources/uploads/${await takeSample({ db, dataDir }, connection, ref, operatorOf(request).id)}`)
    } catch (error) {
      if (error instanceof MissingRight) return answer(reply, connection, textOf(request.body, 'q'), { problem: error.message, grants: error.grants })
      if (error instanceof Invalid || error instanceof Conflict) return answer(reply, connection, textOf(request.body, 'q'), { problem: error.message, grants: [] })
      throw error
    }
  })

  async function answer(reply: FastifyReply, connection: Connection, search: string, said?: { problem: string; grants: string[] }): Promise<FastifyReply> {
    const { tables, problem } = await tablesOf(connection, search)
    const model = tablesModel(connection, { search, tables: tables.slice(0, most), more: tables.length > most, sources: await listSourcesOf(db, connection.id), problem: said?.problem ?? problem, grants: said?.grants ?? [] })
    return reply.page('sources/tables', model, { title: `Tables of ${connection.name}`, status: said ? 422 : 200 })
  }

  async function tablesOf(connection: Connection, search: string): Promise<{ tables: FoundTable[]; problem: string }> {
    try {
      return { tables: await readOther(await addressOf(dataDir, connection), seconds, (read) => listTables(read, search, most + 1)), problem: '' }
    } catch (error) {
      return { tables: [], problem: error instanceof Conflict ? error.message : problemInWords(error, connection) }
    }
  }
}

/** What is found there becomes a source, which is described and imported. */
function refuseOthers(request: FastifyRequest): void {
  const may = mayOf(request)
  if (!may('sources') || !may('imports')) throw new NotAllowed('Your roles do not include making sources and importing.')
}
