import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogSource } from '../../catalog/catalog.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { inputFromSpec, postedField, readColumnInput, specFromInput, type ColumnInput } from '../column-input.ts'
import { editStructure } from '../edit-structure.ts'
import { messagesOf, type ColumnsInput, type Messages } from '../forms.ts'
import { listStructure, type StructureColumn } from '../queries.ts'
import { problemOfAlias, problemsOfColumns, type StructureContext } from '../structure.ts'
import { structureModel } from '../views/structure.ts'
import { ofSource, operatorOf, usableSource } from './params.ts'

interface Typed { columns: StructureColumn[]; input: ColumnsInput; filters: Set<number> }

/** What of a source can be changed after its first run. */
export function registerStructure(app: FastifyInstance, services: Services): void {
  const { db } = services

  app.get<{ Params: { id: number } }>('/settings/sources/:id/structure', { config: { permission: 'sources' }, schema: ofSource }, async (request, reply) => {
    return answer(request, reply, await current(request))
  })

  // The same page with the fields that the chosen kinds have; nothing is stored.
  app.post<{ Params: { id: number } }>('/settings/sources/:id/structure/rows', { config: { permission: 'sources' }, schema: ofSource }, async (request, reply) => {
    const typed = read(request, await current(request))
    return answer(request, reply, typed, messages(request, typed))
  })

  app.post<{ Params: { id: number } }>('/settings/sources/:id/structure', { config: { permission: 'sources' }, schema: ofSource }, async (request, reply) => {
    const source = usableSource(request)
    const typed = read(request, await current(request))
    const wrong = messages(request, typed)
    if (Object.keys(wrong).length) return answer(request, reply, typed, { '': 'Put the marked fields right.', ...wrong }, 422)
    try {
      const columns = specs(request, typed).map((spec, index) => ({ spec, filterIndex: spec.kind === 'tag' && typed.filters.has(index) }))
      const done = await editStructure(services, source.id, typed.columns, { alias: typed.input.alias, columns }, operatorOf(request))
      const said = !done.changed ? 'Nothing was changed.' : done.reindexes ? 'Saved. The filter indexes are being changed.' : 'Saved.'
      return reply.notice(said).goTo(`/settings/sources/${source.id}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return answer(request, reply, typed, { '': error.message, ...error.fields }, 422)
    }
  })

  async function current(request: FastifyRequest): Promise<Typed> {
    const source = usableSource(request)
    const path = (id: number | null) => request.catalog.tagGroups.find((group) => group.id === id)?.path ?? []
    const columns = await listStructure(db, source.id, path)
    const inputs = columns.map(({ spec, pending }) => inputFromSpec({ ...spec, ...pending, tagName: spec.tagName ?? null, group: spec.group ?? null, description: spec.description ?? null }))
    return { columns, input: { alias: source.alias, key: '', updateTime: '', columns: inputs }, filters: new Set(columns.flatMap((column, index) => (column.filterIndex ? [index] : []))) }
  }

  function read(request: FastifyRequest, { columns, input }: Typed): Typed {
    const { body } = request
    const source = usableSource(request)
    const typed = input.columns.map((column, index) => asKey(source, columns[index]?.spec.name, readColumnInput(body, index, column), column))
    return {
      columns, input: { ...input, alias: (postedField(body, 'alias') ?? input.alias).trim(), columns: typed },
      filters: new Set(columns.flatMap((_, index) => (postedField(body, `q${index}`) === 'on' ? [index] : [])))
    }
  }

  function specs(request: FastifyRequest, { columns, input }: Typed) {
    const source = usableSource(request)
    return columns.map((column, index) => specFromInput(column.spec.name, input.columns[index] as ColumnsInput['columns'][number], request.catalog.attributes, column.spec.name === source.updateTimeColumn))
  }

  function messages(request: FastifyRequest, typed: Typed): Messages {
    const columns = specs(request, typed)
    const alias = problemOfAlias(typed.input.alias)
    return { ...(alias ? { alias } : {}), ...messagesOf(problemsOfColumns({ columns }, contextOf(request)), columns.map((column) => column.name), columns) }
  }

  // Without the file at hand, what becomes a time must name its order.
  function contextOf(request: FastifyRequest): StructureContext {
    const source = usableSource(request)
    return { idTypes: request.catalog.idTypes, attributes: request.catalog.attributes, hasAesKey: services.aesKey !== null, ambiguous: new Set(source.columns.filter((column) => column.type !== 'time' && column.type !== 'date').map((column) => column.name)) }
  }

  function answer(request: FastifyRequest, reply: FastifyReply, typed: Typed, wrong: Messages = {}, status = 200): Promise<FastifyReply> {
    const source = usableSource(request)
    const model = structureModel({ source, ...typed, messages: wrong, context: contextOf(request), catalog: request.catalog, timeZone: services.timeZone, ...changedRow(request) })
    return reply.page('sources/structure', model, { title: `Structure of ${source.alias}`, status, fragments: { 'columns-summary': 'sources/_structure-changed' } })
  }
}

/** The row whose field was changed: htmx names the element that asked. */
export function changedRow(request: FastifyRequest): { changedRow?: string } {
  const source = String(request.headers['hx-source'] ?? '')
  return source.startsWith('tr#') ? { changedRow: source.slice(3) } : {}
}

/** Whatever was posted, the key stays an ID of its type, or none. */
function asKey(source: CatalogSource, name: string | undefined, typed: ColumnInput, before: ColumnInput): ColumnInput {
  if (name !== source.keyColumn) return typed
  if (source.keyIdType !== null) return { ...typed, kind: 'id', idType: source.keyIdType }
  return typed.kind === 'id' ? { ...typed, kind: before.kind } : typed
}
