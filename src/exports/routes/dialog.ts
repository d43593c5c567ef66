import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may, permissionPath } from '../../access/permissions.ts'
import { textOf } from '../../form.ts'
import { formatCount } from '../../format.ts'
import { actorOf } from '../../http/guard.ts'
import { partialTarget } from '../../http/page.ts'
import { waitForJob } from '../../jobs/wait-for-job.ts'
import { Invalid, NotAllowed } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { countMatching, sayCount, type Matching } from '../../users/count-users.ts'
import { describeQuery } from '../../users/describe-query.ts'
import { exportNeeds } from '../../users/export-needs.ts'
import { idKeysFor } from '../../users/id-keys.ts'
import { everyone, partsOf, readQueryText, writeQuery, type UserQuery } from '../../users/user-query.ts'
import { exportKinds } from '../column.ts'
import { firstInput, readInput, type ExportInput } from '../forms.ts'
import { findChoice, getExportOfJob } from '../queries.ts'
import { requestExport } from '../request-export.ts'
import { dialogModel } from '../views/dialog.ts'

const mayExport = { config: { permission: 'user_360.export or audiences.download' as const } }

/** So long a page waits for a file that is small; for others it leads to the job. */
const patience = 2000

/** Export User: a dialog over the list, or a page of its own. */
export function registerDialog(app: FastifyInstance, services: Services): void {
  const { db, queue, timeZone } = services

  app.get('/users/exports', mayExport, async (request, reply) => {
    const whom = whomIn(request, textOf(request.query, 'in'))
    return answer(request, reply, whom, firstInput(exportKinds(request.access), await findChoice(db, actorOf(request).id)), '')
  })

  app.post('/users/exports', mayExport, async (request, reply) => {
    const whom = whomIn(request, textOf(request.body, 'in'))
    const { query } = whom
    const input = readInput(exportKinds(request.access), request.body)
    if (textOf(request.body, 'act') !== 'export') return answer(request, reply, whom, input, '')
    if (input.items.length === 0) return answer(request, reply, whom, input, 'Choose at least one thing to export.')
    try {
      const order = { items: input.items, bom: input.bom, guard: input.guard, query: writeQuery(query), expected: (await countFor(request, query)).count }
      const jobId = await requestExport(db, queue, request.access, order, actorOf(request))
      await queue.wake(jobId)
      return await toFile(reply, jobId)
    } catch (error) {
      if (error instanceof Invalid) return answer(request, reply, whom, input, error.message)
      throw error
    }
  })

  /** A small file downloads at once, and the page stays as it is. */
  async function toFile(reply: FastifyReply, jobId: number) {
    const status = await waitForJob(db, jobId, patience)
    if (status !== 'done') return reply.goTo(`/settings/jobs/${jobId}`)
    const { id } = await getExportOfJob(db, jobId)
    return reply.header('HX-Trigger', 'dialog:close').goTo(`/exports/${id}/file`)
  }

  async function countFor(request: FastifyRequest, query: UserQuery): Promise<Matching> {
    return countMatching(db, request.access, { timeZone, keys: await idKeysFor(services, request.access, actorOf(request), query) }, query)
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, { query, back }: Whom, input: ExportInput, message: string) {
    const { access } = request
    const kinds = exportKinds(access)
    const changed = partialTarget(request) ?? ''
    const options = { whom: sayWhom(request, query, await countFor(request, query)), back, message, begins: request.method === 'GET', changed }
    const fragments = { 'dialog': 'exports/_dialog' as const, 'export-kinds': 'exports/_kinds' as const, ...Object.fromEntries(kinds.map(({ ref }) => [`kind-${ref}`, 'exports/_changed' as const])) }
    return reply.page('exports/dialog', dialogModel(access, kinds, input, options), { title: 'Export User', fragments, status: message ? 422 : 200 })
  }
}

interface Whom { query: UserQuery; /** The address of the list that shows them. */ back: string }

/** Whom the list shows, without its order and its page. What it names and is not there is answered like what was never there. */
function whomIn({ access, operator }: FastifyRequest, address: string): Whom {
  const { query, problems } = readQueryText(access, URL.parse(address, 'http://console.invalid')?.search ?? '')
  if (problems.length) throw new Invalid(`This list is too old: ${problems[0]} Reload it and export again.`)
  const missing = exportNeeds(query).find((permission) => !may(operator!, permission))
  if (missing) throw new NotAllowed(`Your roles do not include a file of these users: ${permissionPath(missing)}.`)
  return { query: { ...everyone, id: query.id, levels: query.levels, where: query.where }, back: /^\/users(\?|$)/.test(address) ? address : '/users' }
}

function sayWhom({ access }: FastifyRequest, query: UserQuery, matching: Matching): string {
  const users = matching.exact ? formatCount(matching.count, 'user') : `${sayCount(matching)} users`
  if (partsOf(query).length === 0) return `Everybody in the list: ${users}.`
  return `The result of this query: ${users}. ${describeQuery(access, writeQuery(query), true).join('; ')}.`
}
