import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Catalog, CatalogSource } from '../../catalog/catalog.ts'
import { actorOf } from '../../http/guard.ts'
import { orderImport } from '../../imports/order-import.ts'
import { queueImport } from '../../imports/queue-import.ts'
import { Conflict, Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { getFileFormat } from '../../sources/queries.ts'
import { sampleFile } from '../../sources/sample-file.ts'
import { route } from '../operation.ts'
import { receiveCsv } from '../receive-csv.ts'
import { exactly, type Body } from '../schemas.ts'
import type { Write } from './write.ts'

const tag = 'Sources' as const
const ofSource = exactly({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const importQuery = exactly({
  fileName: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '^[^/\\\\]+$', description: 'What runs and history call the file.' })),
  whole: Type.Optional(Type.Boolean({ description: 'The file is the whole table: rows that are not in it are removed.' }))
})
const runQuery = exactly({ everything: Type.Optional(Type.Boolean({ description: 'Read everything and remove rows that are gone there, also where only what changed is read.' })) })
const source = exactly({
  id: Type.Integer(), name: Type.String(), keyColumn: Type.String({ description: 'Which column tells rows apart.' }),
  columns: Type.Array(exactly({ name: Type.String(), kind: Type.Enum(['id', 'attribute', 'tag', 'ignore']), type: Type.String() }))
})
const ordered = exactly({ run: Type.Integer(), job: Type.Integer() })
const csv = Type.Unsafe<Readable>({ type: 'string', format: 'binary', 'x-stream': true })

/** Sources, and files for them. */
export async function registerSources(api: FastifyInstance, services: Services, write: Write): Promise<void> {
  const { db, dataDir } = services

  api.get('/sources', route({
    id: 'listSources', tag, permission: 'sources or imports', summary: 'Which sources there are', description: 'With the columns that their files have.', answers: { 200: exactly({ sources: Type.Array(source) }) }
  }), async ({ catalog }) => ({
    sources: catalog.sources.filter(({ removing }) => !removing).map(({ id, alias, keyColumn, columns }) => ({ id, name: alias, keyColumn, columns: columns.map(({ name, kind, type }) => ({ name, kind, type })) }))
  }))

  api.post<{ Params: Body<typeof ofSource>; Querystring: Body<typeof runQuery> }>('/sources/:id/runs', route({
    id: 'startRun', tag, permission: 'imports', summary: 'Import a source from its table', params: ofSource, query: runQuery, writes: true, answers: { 202: ordered }, exampleParams: { id: '1' },
    description: 'For a source that is read from a table of another database, as it is set on its page. While a run of it is under way no other begins (409).'
  }), async (request, reply) => write(request, reply, async (keep) => {
    const operator = actorOf(request)
    const known = sourceOf(request.catalog, request.params.id)
    let answer: { status: number; body: Body<typeof ordered> } | undefined
    await orderImport(services, { sourceId: known.id, started: 'api', operator: { id: operator.id, name: operator.name, tokenId: operator.tokenId }, everything: request.query.everything ?? false }, async (trx, { runId, jobId }) => {
      answer = { status: 202, body: { run: runId, job: jobId } }
      await keep(trx, answer)
    })
    return answer!
  }))

  await api.register(async (files) => {
    files.addContentTypeParser('text/csv', (_request, payload, done) => { done(null, payload) })
    files.post<{ Params: Body<typeof ofSource>; Querystring: Body<typeof importQuery>; Body: Readable }>('/sources/:id/imports', route({
      id: 'startImport', tag, permission: 'imports', summary: 'Import a file into a source', params: ofSource, query: importQuery, body: csv, consumes: 'text/csv', writes: true, answers: { 202: ordered },
      exampleParams: { id: '1', fileName: 'members.csv' }, description: 'The body is the file, of any size. It is read as that source is; the job says how it went, and stops where columns are missing or more than half of the rows cannot be read.'
    }), async (request, reply) => {
      const { id } = request.params
      const operator = actorOf(request)
      sourceOf(request.catalog, id)
      if (typeof request.body?.pipe !== 'function') throw new Invalid('Send the file as text/csv.')
      const announced = Number(request.headers['content-length'])
      await using file = await receiveCsv(db, dataDir, { stream: request.body, fileName: request.query.fileName ?? 'api.csv', sourceId: id, operatorId: operator.id, ...(announced > 0 ? { announcedBytes: announced } : {}) })
      // Awaited here: the file goes with the end of this function.
      return await write(request, reply, async (keep) => {
        const { upload } = file
        const { header } = await getFileFormat(db, id)
        const { unreadable, format } = await sampleFile(upload.path, header === undefined ? {} : { header })
        if (unreadable !== null) throw new Invalid(`${upload.fileName}: ${unreadable}`)
        let answer: { status: number; body: Body<typeof ordered> } | undefined
        const order = { sourceId: id, uploadId: upload.id, path: upload.path, fileName: upload.fileName, bytes: upload.bytes, whole: request.query.whole ?? false, started: 'api' as const, format, operator: { id: operator.id, name: operator.name, tokenId: operator.tokenId } }
        await queueImport(services, order, async (trx, { runId, jobId }) => {
          answer = { status: 202, body: { run: runId, job: jobId } }
          await keep(trx, answer)
        })
        file.taken()
        return answer!
      }, async () => file.digest)
    })
  })
}

function sourceOf(catalog: Catalog, id: number): CatalogSource {
  const known = catalog.sources.find((one) => one.id === id)
  if (!known) throw new NotFound('There is no such source.')
  if (known.removing) throw new Conflict(`The source ${known.alias} is being removed.`)
  return known
}
