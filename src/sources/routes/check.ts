import type { FastifyReply, FastifyRequest } from 'fastify'
import { countMissing } from '../../imports/count-missing.ts'
import { queueImport } from '../../imports/queue-import.ts'
import { Conflict } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { postedField } from '../column-input.ts'
import { getFileFormat, listStructure, type Upload } from '../queries.ts'
import { sampleFile } from '../sample-file.ts'
import { checkModel, missingColumns, type CheckPage } from '../views/check.ts'
import { operatorOf } from './params.ts'

/** The page of a file for a known source: how it would be read, and what would be removed if it is the whole table. */
export async function checkPage(services: Services, request: FastifyRequest, reply: FastifyReply, upload: Upload): Promise<FastifyReply> {
  const page = await read(services, request, upload)
  const removals = page.whole && missingColumns(page.source, page.sample, page.columns).length === 0 ? await countMissing(services.pool, page.source, upload.path, page.sample.format) : null
  return answer(reply, { ...page, removals })
}

/** Queues the run; where rows would be removed, not before their number was shown. */
export async function importKnown(services: Services, request: FastifyRequest, reply: FastifyReply, upload: Upload): Promise<FastifyReply> {
  const page = await read(services, request, upload)
  if (missingColumns(page.source, page.sample, page.columns).length) return answer(reply, page, 422)
  if (page.whole && !/^\d+$/.test(postedField(request.body, 'removals') ?? '')) return checkPage(services, request, reply, upload)
  const runId = await queueImport(services, {
    sourceId: page.source.id, uploadId: upload.id, path: upload.path, fileName: upload.fileName, bytes: upload.bytes, whole: page.whole, format: page.sample.format, operator: operatorOf(request)
  })
  return reply.goTo(`/settings/imports/${runId}`)
}

async function read({ db, timeZone }: Services, request: FastifyRequest, upload: Upload): Promise<CheckPage> {
  const { catalog } = request
  const source = catalog.sources.find((one) => one.id === upload.sourceId)
  if (!source || source.removing) throw new Conflict('The source of this file is not here any more. Import the file as a new source.')
  const path = (id: number | null) => catalog.tagGroups.find((group) => group.id === id)?.path ?? []
  const columns = (await listStructure(db, source.id, path)).map(({ spec, pending }) => ({ ...spec, ...pending, tagName: spec.tagName ?? null }))
  const { header } = await getFileFormat(db, source.id)
  const sample = await sampleFile(upload.path, { ...(header === undefined ? {} : { header }), ...upload.options })
  return { access: request.access, source, upload, sample, columns, catalog, timeZone, whole: source.rowsTable !== null && postedField(request.body, 'whole') === 'on', removals: null }
}

function answer(reply: FastifyReply, page: CheckPage, status = 200): Promise<FastifyReply> {
  return reply.page('sources/check', checkModel(page), { title: `Import into ${page.source.alias}`, status, fragments: { check: 'sources/_check-changed' } })
}
