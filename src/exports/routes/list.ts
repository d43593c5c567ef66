import type { FastifyInstance } from 'fastify'
import { may } from '../../access/permissions.ts'
import { textOf, wholeNumber } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { deleteOldExports } from '../delete-files.ts'
import { getKeeping, hoursText, keepingHours, setKeeping } from '../keeping.ts'
import { listExports } from '../queries.ts'
import { listModel } from '../views/list.ts'

const title = 'Exports'
const pageSize = 50

/** Who exported what: everybody sees their own records, with the permission those of all; and for how long files are kept. */
export function registerList(app: FastifyInstance, { db, dataDir, timeZone }: Services): void {
  app.get('/settings/exports', { config: { permission: 'signed_in' } }, async (request, reply) => {
    const operator = actorOf(request)
    const before = wholeNumber(textOf(request.query, 'before'), 1, 999_999_999) ?? null
    const found = await listExports(db, may(operator, 'exports') ? null : operator.id, before, pageSize + 1)
    const model = listModel(found.slice(0, pageSize), {
      access: request.access, timeZone, operatorId: operator.id, all: may(operator, 'exports'), mayFetch: may(operator, 'user_360.export or audiences.download') && !operator.seeingAs,
      keptHours: await getKeeping(db), more: found.length > pageSize, later: before !== null
    })
    return reply.page('exports/list', model, { title })
  })

  app.post('/settings/exports/keeping', { config: { permission: 'exports' } }, async (request, reply) => {
    const hours = keepingHours.find((choice) => String(choice) === textOf(request.body, 'hours'))
    if (hours === undefined) throw new Invalid('Choose how long files are kept from the list.')
    await setKeeping(db, hours, actorOf(request))
    await deleteOldExports(db, dataDir)
    return reply.notice(`Exported files are kept for ${hoursText(hours)}.`).goTo('/settings/exports')
  })
}
