import type { FastifyRequest } from 'fastify'
import type { CatalogSource } from '../../catalog/catalog.ts'
import type { Db } from '../../db/database.ts'
import { Conflict, NotFound } from '../../problem.ts'
import { getUpload, noUpload, type Upload } from '../queries.ts'

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

/** The file of the address: it is for who uploaded it, and for who sees everything anyway. */
export async function uploadOf(db: Db, request: FastifyRequest<{ Params: { upload: string } }>): Promise<Upload> {
  const upload = await getUpload(db, request.params.upload)
  if (upload.operatorId !== request.operator?.id && !request.access.everything) throw new NotFound(noUpload)
  return upload
}
