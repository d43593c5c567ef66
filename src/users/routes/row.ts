import type { FastifyInstance } from 'fastify'
import { oneOf, type Params } from '../../conditions/params.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { getSetting } from '../../settings/queries.ts'
import { listColumns } from '../columns.ts'
import { idKeysOf } from '../id-keys.ts'
import { isRowNumber } from '../queries/identity.ts'
import { readListedUser } from '../read-list.ts'
import { readQueryText } from '../user-query.ts'
import { rowModel } from '../views/table.ts'
import { rightsOf } from './list.ts'

/** One row of the list, read anew after its user was changed. */
export function registerRow(app: FastifyInstance, { db, timeZone, aesKey }: Services): void {
  app.get<{ Params: { id: string } }>('/users/:id/row', { config: { permission: 'user_360.view' } }, async (request, reply) => {
    const { access } = request
    const { query } = readQueryText(access, oneOf(request.query as Params, 'in'))
    const columns = listColumns(access, await getSetting<string[]>(db, 'column_display', []))
    const reading = { timeZone, aesKey, keys: idKeysOf(access, aesKey) }
    const user = isRowNumber(request.params.id) ? await readListedUser(db, access, reading, request.params.id, columns) : undefined
    if (!user) throw new NotFound('There is no user with this ID.')
    return reply.fragment('users/_row', { row: rowModel({ access, query, columns, may: rightsOf(request), timeZone }, user) })
  })
}
