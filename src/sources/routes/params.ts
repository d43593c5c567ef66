import type { FastifyRequest } from 'fastify'
import type { CatalogSource } from '../../catalog/catalog.ts'
import { Conflict, NotFound } from '../../problem.ts'

export const ofSource = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } }
export const ofUpload = { params: { type: 'object', properties: { upload: { type: 'string', pattern: '^[0-9a-f]{24}$' } } } }

/** The source of the address, which is there and not on its way out. */
export function usableSource(request: FastifyRequest): CatalogSource {
  const source = request.catalog.sources.find((one) => one.id === (request.params as { id: number }).id)
  if (!source) throw new NotFound('There is no such source.')
  if (source.removing) throw new Conflict(`The source ${source.alias} is being removed.`)
  return source
}

export function operatorOf(request: FastifyRequest): { id: number; name: string } {
  if (!request.operator) throw new Error('The guard let a stranger pass')
  return request.operator
}
