import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { actorOf } from '../../http/guard.ts'
import { NotAllowed } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { makeExportFolder } from '../folder.ts'
import { asksForBeginning, openExportFile } from '../open-file.ts'

const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }

/** The file of an export, for its owner alone; as often as they like, and from any byte on, so that a broken download can be taken up. */
export async function registerFile(app: FastifyInstance, { db, dataDir, timeZone }: Services): Promise<void> {
  await app.register(fastifyStatic, { root: await makeExportFolder(dataDir), serve: false, index: false, cacheControl: false })

  app.get<{ Params: { id: number } }>('/exports/:id/file', { config: { permission: 'user_360.export or audiences.download' }, schema }, async (request, reply) => {
    const operator = actorOf(request)
    if (operator.seeingAs) throw new NotAllowed('Files are not fetched through the eyes of a role. Stop looking first.')
    const { file, name } = await openExportFile(db, { access: request.access, timeZone }, request.params.id, operator, asksForBeginning(request.method, request.headers.range))
    return reply.type('application/zip').header('cache-control', 'no-store').header('content-disposition', `attachment; filename="${name}"`).sendFile(file)
  })
}
