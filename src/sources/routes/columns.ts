import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { shortChange } from '../../db/short-change.ts'
import { insertImport } from '../../imports/queue-import.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { postedField } from '../column-input.ts'
import { detectFormats } from '../detect-formats.ts'
import { discardUpload } from '../discard-upload.ts'
import { inputFromProposal, messagesOf, readColumnsInput, readFormat, structureFromInput, type Messages } from '../forms.ts'
import { proposeStructure } from '../proposal.ts'
import { setUploadOptions, type Upload } from '../queries.ts'
import { sampleFile } from '../sample-file.ts'
import { saveStructure } from '../save-structure.ts'
import { checkStructure, type StructureContext } from '../structure.ts'
import { columnsModel, namesMark, type ColumnsPage } from '../views/columns-page.ts'
import { checkPage, importKnown } from './check.ts'
import { ofUpload, operatorOf, uploadOf } from './params.ts'
import { changedRow } from './structure.ts'

/** The columns page of a new source: proposed, corrected, previewed, imported. A file for a known source has its check page here. */
export function registerColumns(app: FastifyInstance, services: Services): void {
  const { db, queue, timeZone } = services
  type Route = { Params: { upload: string } }

  app.get<Route>('/settings/sources/uploads/:upload', { config: { permission: 'imports' }, schema: ofUpload }, async (request, reply) => {
    const upload = await uploadOf(db, request)
    if (upload.sourceId !== null) return checkPage(services, request, reply, upload)
    return answer(reply, await read(request, upload, undefined))
  })

  app.post<Route>('/settings/sources/uploads/:upload/preview', { config: { permission: 'imports' }, schema: ofUpload }, async (request, reply) => {
    const upload = await uploadOf(db, request)
    const options = { ...upload.options, ...readFormat(request.body) }
    await setUploadOptions(db, upload.id, options)
    if (upload.sourceId !== null) return checkPage(services, request, reply, { ...upload, options })
    return answer(reply, await read(request, { ...upload, options }, request.body))
  })

  app.post<Route>('/settings/sources/uploads/:upload/import', { config: { permission: 'imports' }, schema: ofUpload }, async (request, reply) => {
    const upload = await uploadOf(db, request)
    const options = { ...upload.options, ...readFormat(request.body) }
    if (upload.sourceId !== null) return importKnown(services, request, reply, { ...upload, options })
    const page = await read(request, { ...upload, options }, request.body)
    if (Object.keys(page.messages).length) return answer(reply, { ...page, messages: { '': 'Put the marked fields right.', ...page.messages } }, 422)
    try {
      const { runId, jobId } = await shortChange(db, async (trx) => {
        const sourceId = await saveStructure(trx, page.structure, page.sample.format, operatorOf(request))
        return insertImport(trx, { sourceId, uploadId: upload.id, path: upload.path, fileName: upload.fileName, bytes: upload.bytes, whole: false, format: page.sample.format, operator: operatorOf(request) }, queue.enqueue)
      })
      await queue.wake(jobId)
      return reply.goTo(`/settings/imports/${runId}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return answer(reply, { ...page, messages: { '': error.message, ...error.fields } }, 422)
    }
  })

  app.post<Route>('/settings/sources/uploads/:upload/discard', { config: { permission: 'imports' }, schema: ofUpload }, async (request, reply) => {
    const upload = await uploadOf(db, request)
    await discardUpload(db, upload)
    return reply.notice(`${upload.fileName} was discarded. Nothing was imported.`).goTo(upload.sourceId === null ? '/settings/sources' : `/settings/sources/${upload.sourceId}`)
  })

  /** The state of the form: what was posted for these very columns, else what is proposed. */
  async function read(request: FastifyRequest, upload: Upload, body: unknown): Promise<ColumnsPage> {
    const { catalog } = request
    const sample = await sampleFile(upload.path, upload.options)
    const proposal = proposeStructure(sample, catalog, upload.fileName)
    const proposed = inputFromProposal(proposal)
    const same = postedField(body, 'names') === namesMark(sample.names)
    const input = same ? readColumnsInput(body, proposed) : { ...proposed, alias: postedField(body, 'alias')?.trim() ?? proposed.alias }
    const typed = structureFromInput(input, sample.names, catalog.attributes)
    const { columns, ambiguous } = detectFormats(typed.columns, sample)
    columns.forEach((column, index) => Object.assign(input.columns[index] ?? {}, column.format ? { format: column.format } : {}))
    const structure = { ...typed, columns }
    const context: StructureContext = { idTypes: catalog.idTypes, attributes: catalog.attributes, hasAesKey: services.aesKey !== null, ambiguous }
    const messages: Messages = messagesOf(checkStructure(structure, context), sample.names, structure.columns)
    return { upload, sample, input, structure, messages, context, catalog, timeZone, timeLike: proposal.timeLike, ...changedRow(request) }
  }

  function answer(reply: FastifyReply, page: ColumnsPage, status = 200): Promise<FastifyReply> {
    return reply.page('sources/columns', columnsModel(page), { title: 'Import: columns', status, fragments: { columns: 'sources/_columns-changed', preview: 'sources/_preview-changed' } })
  }
}
