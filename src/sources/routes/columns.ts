import { rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { shortChange } from '../../db/short-change.ts'
import { insertOrder } from '../../imports/order-import.ts'
import { insertImport } from '../../imports/queue-import.ts'
import { Conflict, Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { postedField } from '../column-input.ts'
import { detectFormats } from '../detect-formats.ts'
import { discardUpload } from '../discard-upload.ts'
import { inputFromProposal, messagesOf, readColumnsInput, readFormat, structureFromInput, type Messages } from '../forms.ts'
import type { SampleOrigin } from '../origin.ts'
import { proposeStructure, type ProposedStructure } from '../proposal.ts'
import { deleteUpload, setUploadOptions, type Upload } from '../queries.ts'
import { insertOrigin } from '../queries/origins.ts'
import { sampleFile, type SampledFile } from '../sample-file.ts'
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
    const options = optionsOf(upload, request.body)
    await setUploadOptions(db, upload.id, options)
    if (upload.sourceId !== null) return checkPage(services, request, reply, { ...upload, options })
    return answer(reply, await read(request, { ...upload, options }, request.body))
  })

  app.post<Route>('/settings/sources/uploads/:upload/import', { config: { permission: 'imports' }, schema: ofUpload }, async (request, reply) => {
    const upload = await uploadOf(db, request)
    const options = optionsOf(upload, request.body)
    if (upload.sourceId !== null) return importKnown(services, request, reply, { ...upload, options })
    const page = await read(request, { ...upload, options }, request.body)
    if (Object.keys(page.messages).length) return answer(reply, { ...page, messages: { '': 'Put the marked fields right.', ...page.messages } }, 422)
    try {
      const { runId, jobId } = await shortChange(db, async (trx) => {
        const sourceId = await saveStructure(trx, page.structure, page.sample.format, operatorOf(request))
        if (upload.origin) return orderFirst(trx, sourceId, upload, upload.origin, operatorOf(request))
        return insertImport(trx, { sourceId, uploadId: upload.id, path: upload.path, fileName: upload.fileName, bytes: upload.bytes, whole: false, format: page.sample.format, operator: operatorOf(request) }, queue.enqueue)
      })
      await queue.wake(jobId)
      if (upload.origin) await rm(upload.path, { force: true })
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

  /** A table is read anew, as whole as it is then; the sample has served its purpose. */
  async function orderFirst(trx: Transaction<Database>, sourceId: number, upload: Upload, origin: SampleOrigin, operator: { id: number; name: string }): Promise<{ runId: number; jobId: number }> {
    if (!(await deleteUpload(trx, upload.id))) throw new Conflict('This table was imported or discarded meanwhile.')
    await insertOrigin(trx, sourceId, origin)
    return insertOrder(trx, { sourceId, started: 'hand', operator }, queue.enqueue)
  }

  /** The state of the form: what was posted for these very columns, else what is proposed. */
  async function read(request: FastifyRequest, upload: Upload, body: unknown): Promise<ColumnsPage> {
    const { catalog } = request
    const sample = sampleOf(upload, await sampleFile(upload.path, upload.options))
    const proposal = proposalOf(upload, proposeStructure(sample, catalog, upload.origin?.table ?? upload.fileName))
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

/** A table has no format to choose. */
function optionsOf(upload: Upload, body: unknown): Upload['options'] {
  return upload.origin ? upload.options : { ...upload.options, ...readFormat(body) }
}

/** The database knows better than a sample how many rows there are, and which column names them. */
function sampleOf({ origin }: Upload, sample: SampledFile): SampledFile {
  return origin ? { ...sample, rowsAbout: Math.max(origin.rowsAbout, sample.rowsAbout) } : sample
}

function proposalOf({ origin }: Upload, proposal: ProposedStructure): ProposedStructure {
  return origin?.key && proposal.columns.some((column) => column.name === origin.key) ? { ...proposal, keyColumn: origin.key } : proposal
}
