import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../../access/permissions.ts'
import { oneOf, type Params } from '../../conditions/params.ts'
import { readSnapshot } from '../../db/snapshot.ts'
import { readUserHistory, type UserHistory } from '../../history/read-user-history.ts'
import { exceptionAddress } from '../../identities/key-seal.ts'
import { actorOf } from '../../http/guard.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { findNeighbour } from '../find-neighbour.ts'
import { idKeysFor } from '../id-keys.ts'
import { beginReading } from '../queries/begin.ts'
import { listIdCells } from '../queries/id-cells.ts'
import { listMemberships } from '../queries/memberships.ts'
import { findUser, listGoneRows, listJoiningValues, listUserRows, type UserFacts } from '../queries/profile.ts'
import { readOverrides } from '../read-overrides.ts'
import { listLimit } from '../read-list.ts'
import { readQuery, readQueryText, type UserQuery } from '../user-query.ts'
import type { GoneModel } from '../views.ts'
import { goneModel } from '../views/gone.ts'
import { groupLines, type GroupLineModel } from '../views/groups.ts'
import { identityModel } from '../views/identity.ts'
import { overrideModel } from '../views/override.ts'
import { address, profileModel, type ProfileRequest } from '../views/profile.ts'
import { rowsModel } from '../views/rows.ts'

const view = { config: { permission: 'user_360.view' as const } }
const rowLimit = 300

/** The profile of a user, why its rows belong together, and the way to the users beside it in a query. */
export function registerProfile(app: FastifyInstance, { db, timeZone, aesKey, keySeal }: Services): void {
  app.get<{ Params: { id: string } }>('/users/:id', view, async (request, reply) => {
    const { access } = request
    const asked = askedFor(request)
    const found = await readSnapshot(db, async (snapshot) => {
      const [, user] = await Promise.all([beginReading(snapshot, access, listLimit), findUser(snapshot, access, timeZone, request.params.id)])
      if (!user || user.id !== request.params.id) return { user, identity: null, overrides: [] }
      if (asked.tab === 'basic') return { user, identity: null, overrides: await readOverrides(snapshot, access, request.catalog, timeZone, user.id) }
      const [overrides, cells, rows] = await Promise.all([readOverrides(snapshot, access, request.catalog, timeZone, user.id), listIdCells(snapshot, access, timeZone, [user.id], () => true), listUserRows(snapshot, access, timeZone, user.id, 10_000)])
      return { user, identity: identityModel(access, cells, rows, aesKey, timeZone), overrides }
    })
    if (!found.user) return noUser(request, reply)
    if (found.user.id !== request.params.id) return toUser(request, reply, found.user)
    const operator = actorOf(request)
    const options = { timeZone, mayReturn: may(operator, 'user_360.edit'), mayOpenRuns: may(operator, 'imports') }
    const overrides = new Map(found.overrides.map(({ field, decision, source }) => [field.ref as string, overrideModel(field, decision, source, options)]))
    const model = profileModel(access, found.user, asked, found.identity, timeZone, { mayEdit: may(operator, 'user_360.edit'), mayTag: may(operator, 'user_360.tag'), mayErase: may(operator, 'user_360.erase'), mayGroup: may(operator, 'audiences.view'), overrides })
    const history = asked.side === 'history' ? await historyOf(request, found.user.id, model.historyHref, asked.before) : null
    const groups = asked.side === 'group' && model.groupHref ? await groupsOf(request, found.user.id) : null
    return reply.page('users/profile', { ...model, history, groupLines: groups }, { title: model.called, fragments: { 'user-tags': 'users/_tags', 'user-information': 'users/_information', 'history-more': 'users/_history-rows' } })
  })

  app.get<{ Params: { id: string } }>('/users/:id/rows', view, async (request, reply) => {
    const { access } = request
    const asked = askedFor(request)
    const found = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, access, listLimit)
      const user = await findUser(snapshot, access, timeZone, request.params.id)
      if (!user) return { user, rows: [], total: 0 }
      const rows = await listUserRows(snapshot, access, timeZone, user.id, rowLimit + 1)
      const shown = rows.slice(0, rowLimit)
      const joining = await listJoiningValues(snapshot, access, shown.map((row) => row.rowNumber))
      const cells = await listIdCells(snapshot, access, timeZone, [user.id], () => true)
      return { user, rows: rowsModel(access, shown, joining, cells, aesKey, timeZone, (idType, key) => (may(actorOf(request), 'id_types') ? exceptionAddress(keySeal, idType, key) : '')), total: rows.length }
    })
    if (!found.user) return noUser(request, reply)
    if (found.user.id !== request.params.id) return toUser(request, reply, found.user, '/rows')
    const { called, identityHref } = profileModel(access, found.user, asked, null, timeZone, { mayEdit: false, mayTag: false, mayErase: false, mayGroup: false, overrides: new Map() })
    const more = found.total > rowLimit ? `This user has more than ${rowLimit} rows; the first ${rowLimit} are shown.` : ''
    return reply.page('users/rows', { id: found.user.id, called, back: identityHref, start: found.rows[0]?.name ?? '', rows: found.rows, more }, { title: `Rows of ${called}` })
  })

  app.get<{ Params: { id: string } }>('/users/:id/step', view, async (request, reply) => {
    const params = request.query as Params
    const backward = oneOf(params, 'to') === 'previous'
    const { query, inText } = askedFor(request)
    const within = query ?? readQuery(request.access, {}).query
    const reading = { timeZone, keys: await idKeysFor({ db, aesKey, keySeal }, request.access, actorOf(request), within) }
    const neighbour = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, request.access, listLimit)
      return findNeighbour(snapshot, request.access, reading, within, request.params.id, backward)
    })
    if (neighbour === undefined) throw new NotFound('There is no user with this ID.')
    if (neighbour === null) reply.notice(`This is the ${backward ? 'first' : 'last'} user of the query.`, 'warn')
    const tab = oneOf(params, 'tab') === 'identity' ? [['tab', 'identity']] : []
    return reply.redirect(address(`/users/${neighbour ?? request.params.id}`, Object.fromEntries([['in', inText ?? ''], ...tab])), 303)
  })

  function historyOf(request: FastifyRequest, userId: string, href: string, before: string): Promise<UserHistory> {
    const { access, catalog } = request
    return readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, access, listLimit)
      return readUserHistory(snapshot, userId, { catalog, access, timeZone, before, mayUndo: may(actorOf(request), 'user_360.undo'), moreHref: (place) => `${href}&before=${place}` })
    })
  }

  function groupsOf(request: FastifyRequest, userId: string): Promise<GroupLineModel[]> {
    const { access } = request
    return readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, access, listLimit)
      return groupLines(access, await listMemberships(snapshot, access, userId), timeZone, userId, (permission) => may(actorOf(request), permission))
    })
  }

  /** An ID that leads to nobody: a page that says since when and why, if its row may be known; else it was never there. */
  async function noUser(request: FastifyRequest, reply: FastifyReply) {
    const { access } = request
    const { id } = request.params as { id: string }
    const rows = await listGoneRows(db, id)
    const visible = rows.length > 0 && (access.everyUser || rows.every((row) => access.source(row.sourceId)?.rowCondition === null))
    if (!visible) throw new NotFound('There is no user with this ID.')
    const model: GoneModel = goneModel(id, rows, timeZone)
    return reply.page('users/gone', model, { title: model.heading, status: 410 })
  }
}

function askedFor(request: FastifyRequest): ProfileRequest {
  const params = request.query as Params
  const side = oneOf(params, 'side')
  const inText = params['in'] === undefined ? null : oneOf(params, 'in')
  const query: UserQuery | null = inText === null ? null : readQueryText(request.access, inText).query
  return { query, inText, tab: oneOf(params, 'tab') === 'identity' ? 'identity' : 'basic', tag: oneOf(params, 'tag'), hideEmpty: oneOf(params, 'empty') === 'hide', side: side === 'history' || side === 'group' ? side : 'tags', before: oneOf(params, 'before') }
}

/** An old ID leads on to the user that holds it now; not for good, since a split may give it back. */
function toUser(request: FastifyRequest, reply: FastifyReply, user: UserFacts, path = '') {
  const search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''
  return reply.redirect(`/users/${user.id}${path}${search}`, 302)
}
