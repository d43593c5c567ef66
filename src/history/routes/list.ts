import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { readSnapshot } from '../../db/snapshot.ts'
import { textOf } from '../../form.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { beginReading } from '../../users/queries/begin.ts'
import { historyCsv } from '../csv.ts'
import { readFilter } from '../filter.ts'
import { getKeeping } from '../keeping.ts'
import { readPlace } from '../place.ts'
import { noEntry } from '../queries.ts'
import { findEntry } from '../queries/entries.ts'
import { listItems, readItemPlace } from '../queries/items.ts'
import { listOperatorNames } from '../queries/operators.ts'
import { readEntries, resolveFilter } from '../read-entries.ts'
import { entryModel } from '../views/entry.ts'
import { listModel } from '../views/list.ts'
import { optionsFor } from './reading.ts'

const config = { permission: 'history' as const }
const title = 'History'
const [pageSize, itemsOnPage, limit] = [50, 100, 5000]

/** All entries, one of them with its changes, and the filtered ones as a file. */
export function registerList(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get('/settings/history', { config }, async (request, reply) => {
    const options = optionsFor(request, timeZone)
    const filter = readFilter(request.query, request.access)
    const cursor = textOf(request.query, 'before')
    const page = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, request.access, limit)
      return { ...await readEntries(snapshot, options, filter, cursor ? readPlace(cursor) : null, pageSize), operators: await listOperatorNames(snapshot) }
    })
    const model = listModel(page, filter, options, { later: cursor !== '', keptDays: await getKeeping(db) })
    return reply.page('history/list', model, { title, status: Object.keys(filter.problems).length ? 422 : 200 })
  })

  app.get('/settings/history/download.csv', { config }, async (request, reply) => {
    const options = { ...optionsFor(request, timeZone), plain: true }
    const filter = await resolveFilter(db, options, readFilter(request.query, request.access))
    return reply.type('text/csv; charset=utf-8').header('cache-control', 'no-store').header('content-disposition', 'attachment; filename="history.csv"').send(Readable.from(historyCsv(db, filter, options)))
  })

  app.get<{ Params: { entry: string } }>('/settings/history/:entry', { config }, async (request, reply) => {
    const options = optionsFor(request, timeZone)
    const after = textOf(request.query, 'after')
    const place = after ? readItemPlace(after) : 'd0'
    const found = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, request.access, limit)
      const entry = await findEntry(snapshot, options, request.params.entry)
      if (!entry || !place) throw new NotFound(noEntry)
      const items = await listItems(snapshot, options, [entry.id], { after: place, limit: itemsOnPage + 1 })
      const other = entry.undoneBy ?? entry.undoes
      return { entry, items, other: other === null ? undefined : await findEntry(snapshot, options, other) }
    })
    const model = entryModel(found.entry, found.items.slice(0, itemsOnPage), options, { other: found.other, more: found.items.length > itemsOnPage, later: after !== '' })
    return reply.page('history/entry', model, { title: model.heading })
  })
}
