import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { textOf, wholeNumber } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { nextFile } from '../../http/next-file.ts'
import { Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { discardUpload } from '../../sources/discard-upload.ts'
import { proposeColumns } from '../../sources/propose.ts'
import { getUpload, noUpload, type Upload } from '../../sources/queries.ts'
import { receiveUpload } from '../../sources/receive-upload.ts'
import { sampleFile, type SampledFile } from '../../sources/sample-file.ts'
import { readDetails } from '../forms.ts'
import { listGroups } from '../queries/groups.ts'
import { addAudience } from '../save-audience.ts'
import { idsModel, openIdTypes, type IdsInput } from '../views/ids.ts'

const config = { permission: 'audiences.manage' as const }
const title = 'Audience from a list of IDs'

/** An audience of a CSV file of IDs: the file first, then which of its columns, of which type, and how the audience is called. */
export function registerIds(app: FastifyInstance, { db, queue, dataDir }: Services): void {
  app.get('/audiences/new/ids', { config }, async (request, reply) => {
    const id = textOf(request.query, 'upload')
    if (id === '') return reply.page('audiences/upload', { problem: '' }, { title })
    const { upload, sample } = await ownUpload(request, id)
    const columns = proposeColumns(sample, { idTypes: openIdTypes(request.access), attributes: [] })
    const column = Math.max(0, columns.findIndex(({ kind }) => kind === 'id'))
    const details = { name: upload.fileName.replace(/\.[a-z]{1,4}$/i, '').slice(0, 100), description: '', shared: false, groupId: null }
    return show(reply, request, upload, sample, { details, column, idType: columns[column]?.idType ?? '' })
  })

  app.post('/audiences/uploads', { config }, async (request, reply) => {
    try {
      const id = await receive(request)
      const { upload, sample } = await ownUpload(request, id)
      if (sample.unreadable === null) return await reply.goTo(`/audiences/new/ids?upload=${id}`)
      await discardUpload(db, upload)
      throw new Invalid(`${upload.fileName}: ${sample.unreadable}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return reply.page('audiences/upload', { problem: error.message }, { title, status: 422 })
    }
  })

  app.post('/audiences/ids', { config }, async (request, reply) => {
    const { upload, sample } = await ownUpload(request, textOf(request.body, 'upload'))
    const input: IdsInput = { details: readDetails(request.body), column: wholeNumber(textOf(request.body, 'column'), 0, sample.names.length - 1) ?? 0, idType: textOf(request.body, 'idType') }
    try {
      if (!openIdTypes(request.access).some(({ code }) => code === input.idType)) throw new Invalid('The audience was not saved.', { idType: 'Choose of which type the IDs are.' })
      const file = { uploadId: upload.id, path: upload.path, column: input.column, idType: input.idType }
      const saved = await addAudience(db, queue, request.access, { details: input.details, rules: null, schedule: null, file }, actorOf(request))
      if (saved.jobId !== null) await queue.wake(saved.jobId)
      return await reply.notice(`${input.details.name} was added, and its IDs are being looked for.`).goTo(`/audiences/${saved.id}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return show(reply, request, upload, sample, input, error.fields)
    }
  })

  async function show(reply: FastifyReply, request: FastifyRequest, upload: Upload, sample: SampledFile, input: IdsInput, messages?: Record<string, string>) {
    return reply.page('audiences/ids', idsModel(request.access, await listGroups(db), { ...sample, id: upload.id, fileName: upload.fileName }, input, messages), { title, status: messages ? 422 : 200 })
  }

  /** A file that this operator uploaded here; one of somebody else, or for an import, is answered like none. */
  async function ownUpload(request: FastifyRequest, id: string): Promise<{ upload: Upload; sample: SampledFile }> {
    const upload = await getUpload(db, id)
    if (upload.operatorId !== actorOf(request).id) throw new NotFound(noUpload)
    return { upload, sample: await sampleFile(upload.path) }
  }

  async function receive(request: FastifyRequest): Promise<string> {
    const file = await nextFile(request, 'ids.csv')
    const announced = Number(request.headers['content-length'])
    return receiveUpload(db, dataDir, { ...file, sourceId: null, operatorId: actorOf(request).id, ...(announced > 0 ? { announcedBytes: announced } : {}) })
  }
}
