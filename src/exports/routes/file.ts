import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { formatTime } from '../../format.ts'
import { insertHistory } from '../../history/queries.ts'
import { actorOf } from '../../http/guard.ts'
import { NotAllowed, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { makeExportFolder } from '../folder.ts'
import { getKeeping } from '../keeping.ts'
import { findOwnExport, type Export } from '../queries.ts'
import { stillSees } from '../sight.ts'

const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }

/** The file of an export, for its owner alone; as often as they like, and from any byte on, so that a broken download can be taken up. */
export async function registerFile(app: FastifyInstance, { db, dataDir, timeZone }: Services): Promise<void> {
  await app.register(fastifyStatic, { root: await makeExportFolder(dataDir), serve: false, index: false, cacheControl: false })

  app.get<{ Params: { id: number } }>('/exports/:id/file', { config: { permission: 'user_360.export or audiences.download' }, schema }, async (request, reply) => {
    const operator = actorOf(request)
    if (operator.seeingAs) throw new NotAllowed('Files are not fetched through the eyes of a role. Stop looking first.')
    const found = await findOwnExport(db, request.params.id, operator.id)
    if (!found?.file || isOver(found, await getKeeping(db))) throw new NotFound('There is no such file, or not any more.')
    if (found.sight && !stillSees(request.access, found.sight)) throw new NotAllowed('What you may see has changed since this file was made. Export again.')
    if (isBeginning(request)) await insertHistory(db, { kind: 'export', title: 'Export downloaded', operator: { id: operator.id, name: operator.name }, jobId: found.jobId, usersAffected: found.rows })
    const made = formatTime(found.madeAt!, timeZone).replaceAll(/\D/g, '')
    return reply.type('application/zip').header('cache-control', 'no-store').header('content-disposition', `attachment; filename="users-${made}-${found.id}.zip"`).sendFile(found.file)
  })
}

/** The hourly deletion may not have come to it yet. */
function isOver({ madeAt }: Export, hours: number): boolean {
  return madeAt === null || Date.now() - madeAt.getTime() >= hours * 3_600_000
}

/** A download and not the rest of one. */
function isBeginning({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.range === undefined || headers.range.startsWith('bytes=0-'))
}
