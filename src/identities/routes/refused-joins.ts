import type { FastifyInstance } from 'fastify'
import { textOf } from '../../form.ts'
import { mayOf } from '../../http/guard.ts'
import { Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import type { KeySeal } from '../key-seal.ts'
import { readRefusedJoin, readRefusedPage } from '../read-refused.ts'
import { isRefusedReason } from '../refused-join.ts'
import { readPlace, refusedJoinModel, refusedJoinsModel } from '../views/refused-joins.ts'

const config = { permission: 'id_types' as const }
const schema = { params: { type: 'object', properties: { type: { type: 'integer', minimum: 1, maximum: 32767 }, key: { type: 'string', maxLength: 100 } } } }

export function registerRefusedJoins(app: FastifyInstance, { db, timeZone, keySeal: seal }: Services): void {
  app.get('/settings/refused-joins', { config }, async (request, reply) => {
    const wanted = textOf(request.query, 'reason')
    const reason = isRefusedReason(wanted) ? wanted : null
    const cursor = textOf(request.query, 'after')
    const after = cursor ? readPlace(seal, cursor) : null
    if (after === undefined) throw new Invalid('This page of the list is not known. Start again from the first page.')
    const page = await readRefusedPage(db, request.catalog, request.access, { reason, after, timeZone })
    return reply.page('identities/refused-joins', refusedJoinsModel(request.access, page, { reason, later: after !== null, timeZone, seal }), { title: 'Refused joins' })
  })

  app.get<{ Params: { type: number; key: string } }>('/settings/refused-joins/:type/:key', { config, schema }, async (request, reply) => {
    const after = textOf(request.query, 'after')
    if (after && !/^\d{1,18}$/.test(after)) throw new Invalid('This page of the list is not known. Start again from the first page.')
    const detail = await readRefusedJoin(db, request.catalog, request.access, { idType: request.params.type, key: openKey(seal, request.params.key) }, { after: after || '0', timeZone })
    return reply.page('identities/refused-join', refusedJoinModel(request.access, detail, { later: after !== '', timeZone, seal, may: mayOf(request) }), { title: 'Refused join' })
  })
}

/** The match key of an address. */
export function openKey(seal: KeySeal, sealed: string): string {
  const key = seal.open(sealed)
  if (key === undefined) throw new NotFound('This value is not known here. Begin again at the list.')
  return key
}
