import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may } from '../../access/permissions.ts'
import { findOpenField } from '../../conditions/field.ts'
import { chosenField, conditionFrom, isField, readEditor, type EditorInput } from '../../conditions/forms.ts'
import { describeText } from '../../conditions/labels.ts'
import { oneOf, type Params } from '../../conditions/params.ts'
import { editorModel, type EditorModel } from '../../conditions/views.ts'
import { atOnce } from '../../db/at-once.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { getSetting } from '../../settings/queries.ts'
import { listColumns } from '../columns.ts'
import { knownCount, countMatching, sayCount, sayMatching } from '../count-users.ts'
import { exportNeeds } from '../export-needs.ts'
import { findCostliest } from '../find-costliest.ts'
import { idKeysFor } from '../id-keys.ts'
import { isTimeout } from '../queries/count.ts'
import { findCountedValues, listFrequentValues } from '../queries/suggestions.ts'
import { readList } from '../read-list.ts'
import { unseenHint } from '../unseen-hint.ts'
import { addressOf, readQuery, writeQuery, type UserQuery } from '../user-query.ts'
import type { CountModel, ListModel, StateModel } from '../views.ts'
import { queryFormModel } from '../views/query-form.ts'
import { problemState, noneState, nothingModel, slowState } from '../views/states.ts'
import { tableModel, type RowRights } from '../views/table.ts'

const view = { config: { permission: 'user_360.view' as const } }

/** The list of users: the page, its count, its condition editor and the values it offers. */
export function registerList(app: FastifyInstance, services: Services): void {
  const { db, timeZone, aesKey } = services
  const readingFor = async (request: FastifyRequest, query: UserQuery) => ({ timeZone, aesKey, keys: await idKeysFor(services, request.access, actorOf(request), query) })

  app.get('/users', view, async (request, reply) => {
    const { access } = request
    const params = request.query as Params
    const hint = actorOf(request).seeingAs ? '' : await unseenHint(db, access, request.catalog, actorOf(request).id)
    if (access.sources.length === 0 || (access.everyUser && access.userCount === 0)) {
      return reply.page('users/nothing', nothingModel(access, may(request.operator!, 'imports'), hint), { title: 'Users' })
    }
    const { query, problems } = readQuery(access, params)
    const step = stepOf(request, params, query)
    if (typeof step === 'string' && problems.length === 0) return reply.redirect(step, 303)
    const level = findOpenField(access, 'attribute:member_level')
    const [shown, counted] = await atOnce(db, (one) => Promise.all([getSetting<string[]>(one, 'column_display', []), level && findCountedValues(one, access, level)]))
    const model = await listModel(request, query, problems, params, shown)
    const editor = step !== null && typeof step !== 'string' ? await openEditor(request, step.input, step.message, addressOf(query)) : null
    const levels = counted ?? await frequent(request, 'attribute:member_level', '')
    const page: ListModel = { ...model, hint, form: queryFormModel(access, query, levels.map(({ value }) => value), editor) }
    return reply.page('users/list', page, { title: 'Users', fragments: { 'user-list': 'users/_list' }, status: problems.length ? 422 : model.status })
  })

  app.get('/users/count', view, async (request, reply) => {
    const { query } = readQuery(request.access, request.query as Params)
    const matching = await countMatching(db, request.access, await readingFor(request, query), query)
    return reply.fragment('users/_count', { text: sayMatching(matching, query), load: '', href: '', all: sayCount(matching) })
  })

  app.get('/users/conditions/editor', view, async (request, reply) => {
    const back = readQuery(request.access, Object.fromEntries(URL.parse(String(request.headers['hx-current-url'] ?? ''), 'http://x')?.searchParams ?? [])).query
    return reply.fragment('conditions/_editor', await openEditor(request, readEditor(request.query as Params), '', addressOf(back)))
  })

  app.get('/users/suggestions', view, async (request, reply) => {
    const params = request.query as Params
    const values = await frequent(request, oneOf(params, 'field'), oneOf(params, 'value'))
    return reply.fragment('conditions/_suggestions', { values: values.map(({ value }) => value) })
  })

  /** Values to offer; none for a field that is hidden, masked, unknown, or not of text. */
  async function frequent(request: FastifyRequest, ref: string, typed: string) {
    const field = findOpenField(request.access, ref)
    if (!field || !['text', 'choice', 'multi'].includes(field.type)) return []
    return listFrequentValues(db, request.access, timeZone, field, typed)
  }

  async function openEditor(request: FastifyRequest, input: EditorInput, message: string, cancel: string): Promise<EditorModel> {
    const field = chosenField(request.access, input.label)
    const values = isField(field) ? await frequent(request, field.ref, '') : []
    return editorModel(request.access, input, field, values, message, { selects: 'users', refresh: '/users/conditions/editor', suggest: '/users/suggestions', cancel })
  }

  async function listModel(request: FastifyRequest, query: UserQuery, problems: string[], params: Params, shown: string[]): Promise<Omit<ListModel, 'form' | 'hint'> & { status: number }> {
    const { access } = request
    const here = encodeURIComponent(addressOf({ ...query, place: null }))
    const columnsHref = may(request.operator!, 'user_360.column_display') ? `/users/columns?in=${here}` : ''
    const exportHref = exportNeeds(query).every((permission) => may(request.operator!, permission)) ? `/users/exports?in=${here}` : ''
    const audienceHref = may(request.operator!, 'audiences.manage') ? `/audiences/new?in=${encodeURIComponent(writeQuery({ ...query, place: null }))}` : ''
    const instead = (state: StateModel, status: number, text = '') => ({ table: null, state, status, columnsHref, exportHref: '', audienceHref: '', distributionHref: '', count: { text, load: '', href: '', all: '' } })
    if (problems.length) return instead(problemState(problems, query), 422)
    const columns = listColumns(access, shown)
    try {
      const reading = await readingFor(request, query)
      const list = await readList(db, access, reading, query, columns)
      if (list.users.length === 0) {
        if (query.place) return instead(problemState(['There are no users on this page any more.'], query), 200)
        const costliest = await findCostliest(db, access, reading, query)
        return instead(noneState(query, access.everyUser, costliest && { ...costliest, said: describeText(access, costliest.condition) }), 200, 'no user matches')
      }
      const whole = list.before === null && list.after === null && !query.place ? list.users.length : undefined
      const count = await countModel(request, query, whole, oneOf(params, 'count') === '1')
      return { table: tableModel({ access, query, columns, may: rightsOf(request), timeZone }, list, count.all), state: null, status: 200, columnsHref, exportHref, audienceHref, distributionHref: `/users/distribution?in=${encodeURIComponent(writeQuery({ ...query, place: null }))}`, count }
    } catch (error) {
      if (isTimeout(error)) return instead(slowState(query), 503)
      if (error instanceof Invalid) return instead(problemState([error.message], query), 422)
      throw error
    }
  }

  async function countModel(request: FastifyRequest, query: UserQuery, whole: number | undefined, now: boolean): Promise<CountModel> {
    const known = knownCount(request.access, query) ?? whole
    const matching = known !== undefined ? { count: known, exact: true } : now ? await countMatching(db, request.access, await readingFor(request, query), query) : undefined
    if (matching) return { text: sayMatching(matching, query), load: '', href: '', all: sayCount(matching) }
    const first = { ...query, place: null }
    return { text: '', load: addressOf(first, '/users/count'), href: addOne(addressOf(query), 'count=1'), all: '' }
  }
}

/** What the query form asks for beside showing the list: another address to go to, an open editor, or nothing. */
function stepOf(request: FastifyRequest, params: Params, query: UserQuery): string | { input: EditorInput; message: string } | null {
  const first = { ...query, place: null }
  const without = Number(oneOf(params, 'without'))
  if (without > 0) return addressOf({ ...first, where: query.where.toSpliced(without - 1, 1) })
  const input = readEditor(params)
  const add = oneOf(params, 'add')
  if (add === 'condition') return { input, message: '' }
  const typed = input.label !== '' && (input.value !== '' || input.to !== '' || input.ticked.length > 0)
  if (add === '1' || typed) {
    const read = conditionFrom(request.access, input)
    return 'message' in read ? { input, message: read.message } : addressOf({ ...first, where: [...query.where, read.condition] })
  }
  return params['form'] === undefined ? null : addressOf(first)
}

/** What the rows offer to this operator. */
export function rightsOf(request: FastifyRequest): RowRights {
  const operator = actorOf(request)
  return { edit: may(operator, 'user_360.edit'), tag: may(operator, 'user_360.tag'), batch: may(operator, 'user_360.batch_tag'), audience: may(operator, 'audiences.manage') }
}

function addOne(address: string, param: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}${param}`
}

