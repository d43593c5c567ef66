import type { FastifyInstance } from 'fastify'
import { formFields, textOf, wholeNumber } from '../form.ts'
import { insertHistory } from '../history/queries.ts'
import { actorOf } from '../http/guard.ts'
import { safePath } from '../http/page-before.ts'
import { Invalid, NotFound, type FieldMessages } from '../problem.ts'
import type { Services } from '../services.ts'
import { getAddresses, readAddresses, setAddresses } from './addresses.ts'
import { dismissAlert, listAlerts } from './queries.ts'
import { alertsModel } from './views.ts'

const pageSize = 50

/** What went wrong while nobody looked: the banner's answers, the list, and who is mailed. */
export function registerAlerts(app: FastifyInstance, { db, timeZone, mailer }: Services): void {
  async function model(request: Parameters<typeof actorOf>[0], typed?: string, messages: FieldMessages = {}) {
    const before = wholeNumber(textOf(request.query, 'before'), 1, 999_999_999) ?? null
    const found = await listAlerts(db, actorOf(request).permissions, before, pageSize + 1)
    const addresses = formFields([{ id: 'addresses', label: 'Mail alerts to', control: 'textarea', value: typed ?? (await getAddresses(db)).join('\n'), help: mailer ? 'One address a line; empty: nobody is mailed.' : 'Nothing is mailed until SMTP_URL is set where the console is started.' }], messages)[0]!
    return alertsModel(found.slice(0, pageSize), { timeZone, addresses, later: before !== null, more: found.length > pageSize })
  }

  app.get('/settings/alerts', { config: { permission: 'jobs' } }, async (request, reply) => reply.page('alerts/list', await model(request), { title: 'Alerts' }))

  app.post('/settings/alerts/addresses', { config: { permission: 'jobs' } }, async (request, reply) => {
    const typed = textOf(request.body, 'addresses')
    try {
      await setAddresses(db, readAddresses(typed), actorOf(request))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return reply.page('alerts/list', await model(request, typed, error.fields), { title: 'Alerts', status: 422 })
    }
    return reply.notice('Who is mailed of alerts is saved.').goTo('/settings/alerts')
  })

  app.post<{ Params: { id: string } }>('/alerts/:id/dismissal', { config: { permission: 'signed_in' } }, async (request, reply) => {
    const operator = actorOf(request)
    const id = wholeNumber(request.params.id, 1, 999_999_999)
    await db.transaction().execute(async (trx) => {
      if (id === undefined || !(await dismissAlert(trx, id, operator))) throw new NotFound('This alert is not open any more.')
      await insertHistory(trx, { kind: 'job', title: 'An alert dismissed', operator, items: [{ table: 'alerts', column: 'id', before: id, after: null }] })
    })
    return reply.notice('The alert is dismissed.').goTo(safePath(textOf(request.body, 'to'), '/settings/alerts'))
  })
}
