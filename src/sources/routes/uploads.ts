import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogSource } from '../../catalog/catalog.ts'
import { listConnections } from '../../connections/queries.ts'
import { mayOf } from '../../http/guard.ts'
import { nextFile } from '../../http/next-file.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { discardUpload } from '../discard-upload.ts'
import { getUpload } from '../queries.ts'
import { receiveUpload } from '../receive-upload.ts'
import { sampleFile } from '../sample-file.ts'
import { uploadModel } from '../views.ts'
import { ofSource, usableSource } from './params.ts'

const title = 'Import a file'

/** How a file comes in: for a new source or into a known one. The columns page or the check page is next. */
export function registerUploads(app: FastifyInstance, { db, dataDir }: Services): void {
  app.get('/settings/sources/new', { config: { permission: 'sources' } }, async (request, reply) => {
    const connections = mayOf(request)('connections') && mayOf(request)('imports') ? await listConnections(db) : []
    return reply.page('sources/upload', uploadModel(undefined, '', connections), { title })
  })

  app.get<{ Params: { id: number } }>('/settings/sources/:id/import', { config: { permission: 'imports' }, schema: ofSource }, async (request, reply) => {
    return reply.page('sources/upload', uploadModel(usableSource(request)), { title })
  })

  app.post('/settings/sources/uploads', { config: { permission: 'sources' } }, async (request, reply) => receive(request, reply, undefined))
  app.post<{ Params: { id: number } }>('/settings/sources/:id/uploads', { config: { permission: 'imports' }, schema: ofSource }, async (request, reply) => receive(request, reply, usableSource(request)))

  async function receive(request: FastifyRequest, reply: FastifyReply, source: CatalogSource | undefined): Promise<FastifyReply> {
    try {
      const uploadId = await receiveFile(request, source)
      await refuseUnreadable(uploadId)
      return reply.goTo(`/settings/sources/uploads/${uploadId}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      // Who broke off does not see this answer; the next page says it.
      if (request.raw.destroyed && !request.raw.complete) return reply.notice(error.message, 'bad').code(422).send('')
      return reply.page('sources/upload', uploadModel(source, error.message), { title, status: 422 })
    }
  }

  async function receiveFile(request: FastifyRequest, source: CatalogSource | undefined): Promise<string> {
    const file = await nextFile(request, 'file.csv')
    const announced = Number(request.headers['content-length'])
    return receiveUpload(db, dataDir, {
      ...file, sourceId: source?.id ?? null, operatorId: request.operator?.id ?? null, ...(announced > 0 ? { announcedBytes: announced } : {})
    })
  }

  /** What cannot be a table at all is told at once and not kept. */
  async function refuseUnreadable(uploadId: string): Promise<void> {
    const upload = await getUpload(db, uploadId)
    const { unreadable } = await sampleFile(upload.path)
    if (unreadable === null) return
    await discardUpload(db, upload)
    throw new Invalid(`${upload.fileName}: ${unreadable}`)
  }
}
