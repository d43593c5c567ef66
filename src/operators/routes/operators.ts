import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listRoles } from '../../access/queries.ts'
import { readCursor, writeCursor } from '../../db/keyset.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { addOperators, emailTaken } from '../add-operators.ts'
import { authorityOf } from '../authority-of.ts'
import { parsePeople, problemsOfAccount, readAccount, readPeopleInput, type AccountInput } from '../forms/accounts.ts'
import { byName, countAccounts, listAccounts } from '../queries/accounts.ts'
import { addedModel } from '../views/added.ts'
import { newOperatorModel, newOperatorsModel } from '../views/forms.ts'
import { operatorsModel } from '../views/list.ts'
import { showLinks } from './show-links.ts'

const config = { permission: 'operators' as const }
const query = { type: 'object', properties: { q: { type: 'string', maxLength: 200 }, after: { type: 'string', maxLength: 2000 } } }
const atOnce = 100

export function registerOperatorList(app: FastifyInstance, services: Services): void {
  const { db, timeZone } = services

  app.get<{ Querystring: { q?: string; after?: string } }>('/settings/operators', { config, schema: { querystring: query } }, async (request, reply) => {
    const search = textOf(request.query, 'q')
    const from = request.query.after ? readCursor(byName, request.query.after) : null
    if (from === undefined) throw new Invalid('This page of the list is not known: its address was changed.')
    const rows = await listAccounts(db, { search, from, limit: atOnce + 1 })
    const last = rows.length > atOnce ? rows[atOnce - 1] : undefined
    const page = { rows: rows.slice(0, atOnce), later: from !== null, next: last ? writeCursor(byName, { key: last.key, id: String(last.id) }) : null, counts: await countAccounts(db, search) }
    return reply.page('operators/list', operatorsModel(page, search, await listRoles(db), timeZone), { title: 'Operators' })
  })

  const one = async (request: FastifyRequest, reply: FastifyReply, input?: AccountInput, messages = {}) => {
    const roles = await listRoles(db)
    const shown = input ?? { name: '', email: '', roleIds: roles.filter((role) => role.isDefault).map((role) => role.id) }
    return reply.page('operators/new', newOperatorModel(shown, roles, authorityOf(actorOf(request), roles), messages), { title: 'New operator', status: input ? 422 : 200 })
  }

  app.get('/settings/operators/new', { config }, async (request, reply) => one(request, reply))

  app.post('/settings/operators/new', { config }, async (request, reply) => {
    const input = readAccount(request.body)
    const messages = problemsOfAccount(input)
    if (Object.keys(messages).length) return one(request, reply, input, messages)
    const { added, existing } = await addOperators(db, actorOf(request).id, [input], input.roleIds)
    if (existing.length) return one(request, reply, input, { email: emailTaken })
    return reply.page('operators/added', addedModel(await showLinks(services, request, added), [], null), { title: 'Operator added' })
  })

  app.get('/settings/operators/new/many', { config }, async (request, reply) => {
    const roles = await listRoles(db)
    const input = { people: '', roleIds: roles.filter((role) => role.isDefault).map((role) => role.id) }
    return reply.page('operators/new-many', newOperatorsModel(input, roles, authorityOf(actorOf(request), roles)), { title: 'New operators' })
  })

  app.post('/settings/operators/new/many', { config }, async (request, reply) => {
    const input = readPeopleInput(request.body)
    const { people, unread, messages } = parsePeople(input)
    const roles = await listRoles(db)
    const who = authorityOf(actorOf(request), roles)
    if (Object.keys(messages).length) return reply.page('operators/new-many', newOperatorsModel(input, roles, who, messages), { title: 'New operators', status: 422 })
    const { added, existing } = await addOperators(db, who.id, people, input.roleIds)
    const again = unread.length ? newOperatorsModel({ ...input, people: unread.join('\n') }, roles, who, { people: 'No e-mail address can be read in this. Correct it, or leave it out.' }) : null
    return reply.page('operators/added', addedModel(await showLinks(services, request, added), existing, again), { title: 'Operators added' })
  })
}
