import type { FastifyInstance } from 'fastify'
import type { Catalog, CatalogSource } from '../../catalog/catalog.ts'
import type { Services } from '../../services.ts'
import { postedField } from '../column-input.ts'
import { countLosses } from '../queries.ts'
import { removeSource } from '../remove-source.ts'
import { removalModel } from '../views.ts'
import { ofSource, operatorOf, usableSource } from './params.ts'

/** Removing a source: first what goes, in numbers; then its name typed as the confirmation. */
export function registerRemoval(app: FastifyInstance, { db, queue }: Services): void {
  app.get<{ Params: { id: number } }>('/settings/sources/:id/removal', { config: { permission: 'sources' }, schema: ofSource }, async (request, reply) => {
    const source = usableSource(request)
    return reply.page('sources/removal', removalModel(source, await losses(request.catalog, source)), { title: `Remove ${source.alias}` })
  })

  app.post<{ Params: { id: number } }>('/settings/sources/:id/removal', { config: { permission: 'sources' }, schema: ofSource }, async (request, reply) => {
    const source = usableSource(request)
    const typed = (postedField(request.body, 'alias') ?? '').trim()
    if (typed.toLowerCase() !== source.alias.toLowerCase()) {
      const error = typed === '' ? 'Type the name of the source.' : 'This is not the name of the source. Nothing was removed.'
      return reply.page('sources/removal', removalModel(source, await losses(request.catalog, source), typed, error), { title: `Remove ${source.alias}`, status: 422 })
    }
    await removeSource({ db, queue }, source.id, operatorOf(request))
    return reply.notice(`${source.alias} is being removed.`).goTo('/settings/sources')
  })

  function losses(catalog: Catalog, source: CatalogSource): ReturnType<typeof countLosses> {
    return countLosses(db, source, catalog.sources.filter((other) => other.id !== source.id))
  }
}
