import { Readable } from 'node:stream'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { formatTime } from '../../format.ts'
import { insertHistory } from '../../history/queries.ts'
import { getKeeping } from '../../exports/keeping.ts'
import { asksForBeginning } from '../../exports/open-file.ts'
import { stillSees } from '../../exports/sight.ts'
import { actorOf } from '../../http/guard.ts'
import { NotAllowed, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { failuresCsv } from '../failures-csv.ts'
import { makeMatchingFolder } from '../files.ts'
import { findRun } from '../queries/runs.ts'
import { config, ofRun, ownPushFor, type WithRun } from './push.ts'

/** What a run leaves behind: its matching file, and users that its destination refused. For who set the push up alone. */
export async function registerFiles(app: FastifyInstance, { db, dataDir, timeZone }: Services): Promise<void> {
  await app.register(fastifyStatic, { root: await makeMatchingFolder(dataDir), serve: false, index: false, cacheControl: false, decorateReply: false })

  app.get<WithRun>('/pushes/:id/runs/:run/failures.csv', { config, schema: ofRun }, async (request, reply) => {
    const push = await ownPushFor(db, request)
    const operator = actorOf(request)
    const run = await findRun(db, push.id, request.params.run)
    if (!run) throw new NotFound('There is no such run.')
    if (operator.seeingAs) throw new NotAllowed('Files are not fetched through the eyes of a role. Stop looking first.')
    if (request.method !== 'HEAD') await insertHistory(db, { kind: 'push', title: `Failed users of run ${run.id} of push ${push.id} downloaded`, operator: { id: operator.id, name: operator.name }, jobId: run.jobId })
    return attach(reply, `push-${push.id}-run-${run.id}-failed.csv`).type('text/csv; charset=utf-8').send(Readable.from(failuresCsv(db, request.access, timeZone, run.id)))
  })

  app.get<WithRun>('/pushes/:id/runs/:run/file', { config, schema: ofRun }, async (request, reply) => {
    const push = await ownPushFor(db, request)
    const operator = actorOf(request)
    const run = await findRun(db, push.id, request.params.run)
    const over = !run?.madeAt || Date.now() - run.madeAt.getTime() >= (await getKeeping(db)) * 3_600_000
    if (!run?.file || over) throw new NotFound('There is no such file, or not any more.')
    if (operator.seeingAs) throw new NotAllowed('Files are not fetched through the eyes of a role. Stop looking first.')
    if (run.sight && !stillSees(request.access, run.sight)) throw new NotAllowed('What you may see has changed since this file was made. Run the push again.')
    if (asksForBeginning(request.method, request.headers.range)) await insertHistory(db, { kind: 'push', title: `Matching file of push ${push.id} downloaded`, operator: { id: operator.id, name: operator.name }, jobId: run.jobId, usersAffected: run.sent })
    return attach(reply, `matching-${formatTime(run.madeAt!, timeZone).replaceAll(/\D/g, '')}-${run.id}.zip`).type('application/zip').sendFile(run.file, await makeMatchingFolder(dataDir))
  })
}

function attach(reply: FastifyReply, name: string): FastifyReply {
  return reply.header('cache-control', 'no-store').header('content-disposition', `attachment; filename="${name}"`)
}
