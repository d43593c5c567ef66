import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Condition } from '../../catalog/condition.ts'
import { readConditions, writeConditions } from '../../conditions/condition-text.ts'
import { exportKinds } from '../../exports/column.ts'
import { makeExportFolder } from '../../exports/folder.ts'
import { asksForBeginning, openExportFile } from '../../exports/open-file.ts'
import { findOwnExport } from '../../exports/queries.ts'
import { requestExport } from '../../exports/request-export.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { countMatching } from '../../users/count-users.ts'
import { idKeysFor } from '../../users/id-keys.ts'
import { writeQuery } from '../../users/user-query.ts'
import { queryOf } from '../list-users.ts'
import { route } from '../operation.ts'
import { conditionIn } from '../read-condition.ts'
import { condition, exactly, type Body } from '../schemas.ts'
import type { Answer } from '../once.ts'
import { writeTime } from '../values.ts'
import type { Write } from './write.ts'

const [tag, permission] = ['Exports' as const, 'user_360.export' as const]
const ofExport = exactly({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const column = Type.String({ pattern: '^(user_id|created|source|attribute:[A-Za-z0-9_]{1,60}|tag:[1-9][0-9]{0,8}|id:[1-9][0-9]{0,8})$', description: 'As GET /exports/columns lists them.' })
const exportBody = exactly({
  columns: Type.Array(column, { minItems: 1, maxItems: 2000 }), condition: Type.Optional(condition),
  bom: Type.Optional(Type.Boolean({ description: 'Begin with a byte order mark, for spreadsheets.' })), guard: Type.Optional(Type.Boolean({ description: 'Put an apostrophe before what a spreadsheet would take for a formula.' }))
})
const ordered = exactly({ export: Type.Integer(), job: Type.Integer() })
const made = exactly({
  id: Type.Integer(), job: Type.Integer(), status: Type.Enum(['waiting', 'running', 'done', 'failed', 'stopped', 'cancelled']), rows: Type.Union([Type.Integer(), Type.Null()], { description: 'Null until it is made.' }), bytes: Type.Union([Type.Integer(), Type.Null()]),
  madeAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]), hasFile: Type.Boolean({ description: 'Whether there is a file to fetch; it is deleted after a while.' })
})

/** Users as a file. */
export async function registerExports(api: FastifyInstance, services: Services, write: Write): Promise<void> {
  const { db, queue, timeZone, dataDir } = services
  await api.register(fastifyStatic, { root: await makeExportFolder(dataDir), serve: false, index: false, cacheControl: false })

  api.get('/exports/columns', route({
    id: 'listExportColumns', tag, permission, summary: 'What a file can hold', answers: { 200: exactly({ columns: Type.Array(exactly({ column, name: Type.String(), kind: Type.String(), note: Type.String({ description: 'Such as masked, or the source.' }) })) }) }
  }), async ({ access }) => ({ columns: exportKinds(access).flatMap(({ name: kind, items }) => items.map(({ ref, label, note }) => ({ column: ref, name: label, kind, note }))) }))

  api.post<{ Body: Body<typeof exportBody> }>('/exports', route({
    id: 'startExport', tag, permission, summary: 'Export users', body: exportBody, writes: true, answers: { 202: ordered }, example: { columns: ['user_id', 'attribute:city'], condition: { field: 'attribute:city', operator: 'filled', values: [] } },
    description: 'Everybody, or those whom a condition finds, into a ZIP with one CSV. A job does it; at most 3 of an operator wait or run, and 20 are ordered in an hour.'
  }), async (request, reply) => write(request, reply, async (keep) => {
    const { access, body } = request
    const operator = actorOf(request)
    const offered = new Set(exportKinds(access).flatMap(({ items }) => items.map(({ ref }) => ref)))
    const unknown = body.columns.findIndex((ref) => !offered.has(ref))
    if (unknown >= 0) throw new Invalid('There is no such column.', { [`columns/${unknown}`]: 'This column does not exist here.' })
    const query = queryOf(short(conditionIn(access, body.condition)))
    const matching = await countMatching(db, access, { timeZone, keys: await idKeysFor(services, access, operator, query) }, query)
    let answer: Answer | undefined
    const jobId = await requestExport(db, queue, access, { items: [...new Set(body.columns)], bom: body.bom ?? false, guard: body.guard ?? false, query: writeQuery(query), expected: matching.count }, operator, async (trx, { exportId, jobId: job }) => {
      answer = { status: 202, body: { export: exportId, job } }
      await keep(trx, answer)
    })
    await queue.wake(jobId)
    return answer!
  }))

  api.get<{ Params: Body<typeof ofExport> }>('/exports/:id', route({ id: 'getExport', tag, permission, summary: 'What became of an export', params: ofExport, exampleParams: { id: '12' }, answers: { 200: made } }), async (request) => {
    const found = await exportFor(request, request.params.id)
    return { id: found.id, job: found.jobId, status: found.status, rows: found.rows, bytes: found.bytes, madeAt: found.madeAt && writeTime(found.madeAt), hasFile: found.file !== null }
  })

  api.get<{ Params: Body<typeof ofExport> }>('/exports/:id/file', route({
    id: 'getExportFile', tag, permission, summary: 'Fetch the file of an export', params: ofExport, exampleParams: { id: '12' }, answers: { 200: { file: 'application/zip', description: 'The file.' }, 206: { file: 'application/zip', description: 'The part of it that Range asked for.' } }, description: 'For who ordered it, as long as they still see all that is in it.'
  }), async (request, reply) => {
    const { file, name } = await openExportFile(db, { access: request.access, timeZone }, request.params.id, actorOf(request), asksForBeginning(request.method, request.headers.range))
    return reply.type('application/zip').header('cache-control', 'no-store').header('content-disposition', `attachment; filename="${name}"`).sendFile(file)
  })

  async function exportFor(request: FastifyRequest, id: number) {
    const found = await findOwnExport(db, id, actorOf(request).id)
    if (!found) throw new NotFound('There is no such export.')
    return found
  }
}

/** The record of an export keeps its query as an address does. */
function short(asked: Condition | null): Condition | null {
  if (asked && !readConditions(writeConditions([asked]))) throw new Invalid('The condition is too long for an export.', { condition: 'At most 60 conditions, 6 levels deep, none of them empty, with 1,000 values each.' })
  return asked
}
