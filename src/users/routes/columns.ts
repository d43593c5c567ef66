import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { allOf, oneOf, type Params } from '../../conditions/params.ts'
import type { Services } from '../../services.ts'
import { getSetting } from '../../settings/queries.ts'
import { maxColumns, setColumns } from '../set-columns.ts'
import { columnsModel, type ColumnsInput } from '../views/columns.ts'

const mayDisplay = { config: { permission: 'user_360.column_display' as const } }

/** Column Display: a dialog over the list, or a page of its own. Each button of the form sends all that was chosen so far. */
export function registerColumns(app: FastifyInstance, { db }: Services): void {
  app.get('/users/columns', mayDisplay, async (request, reply) => {
    const chosen = await getSetting<string[]>(db, 'column_display', [])
    return answer(request, reply, { chosen, group: '', search: '' }, listAddress(oneOf(request.query as Params, 'in')), '')
  })

  app.post('/users/columns', mayDisplay, async (request, reply) => {
    const params = (request.body ?? {}) as Params
    const back = listAddress(oneOf(params, 'in'))
    const input = afterButton(readColumns(params), oneOf(params, 'act'))
    if (oneOf(params, 'act') !== 'save') return answer(request, reply, input, back, '')
    if (input.chosen.length > maxColumns) return answer(request, reply, input, back, `The list can show at most ${maxColumns} chosen columns: take some away.`, 422)
    await setColumns(db, request.access, input.chosen, request.operator!)
    return reply.goTo(back)
  })
}

function answer(request: FastifyRequest, reply: FastifyReply, input: ColumnsInput, back: string, message: string, status = 200) {
  return reply.page('users/columns', columnsModel(request.access, input, back, message), { title: 'Column Display', fragments: { dialog: 'users/_columns' }, status })
}

/** Only ever back to the list. */
function listAddress(text: string): string {
  return /^\/users(\?|$)/.test(text) ? text : '/users'
}

/** What was chosen before, without what was unticked among the offers that were shown, and with what was ticked. */
function readColumns(params: Params): ColumnsInput {
  const ticked = allOf(params, 'tick')
  const unticked = new Set(allOf(params, 'shown').filter((ref) => !ticked.includes(ref)))
  const chosen = allOf(params, 'column').filter((ref) => !unticked.has(ref))
  return { chosen: [...new Set([...chosen, ...ticked])].slice(0, 500), group: oneOf(params, 'group'), search: oneOf(params, 'search') }
}

/** The form after one of its small buttons: a group, one place up or down, or away. */
function afterButton(input: ColumnsInput, act: string): ColumnsInput {
  const at = act.indexOf(' ')
  const [verb, what] = [act.slice(0, at), act.slice(at + 1)]
  if (verb === 'group') return { ...input, group: what, search: '' }
  if (verb === 'remove') return { ...input, chosen: input.chosen.filter((ref) => ref !== what) }
  const from = input.chosen.indexOf(what)
  const to = verb === 'up' ? from - 1 : verb === 'down' ? from + 1 : from
  if (from < 0 || to < 0 || to >= input.chosen.length) return input
  return { ...input, chosen: input.chosen.toSpliced(from, 1).toSpliced(to, 0, what) }
}
