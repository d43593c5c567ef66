import type { Access } from '../access/access.ts'
import { problemOf } from '../conditions/check-condition.ts'
import { readConditions, writeConditions } from '../conditions/condition-text.ts'
import { conditionFrom, readEditor, type EditorInput } from '../conditions/forms.ts'
import { oneOf, type Params } from '../conditions/params.ts'
import { Invalid } from '../problem.ts'
import { changeAt, conditionOfGroup, deepest, groupOf, groupsIn, groupWays, pathText, readPath, type GroupWay, type RuleGroup } from './rule-tree.ts'

/** Rules as they stand in the form, with the editor that is open in one of the groups. */
export interface RuleDraft { group: RuleGroup; editor: { path: readonly number[]; input: EditorInput; message: string } | null }

export interface RuleStep extends RuleDraft { save: boolean }

const limits = { depth: 14, leaves: 500, values: Infinity, empty: true }

/** Rules as a form carries them. */
export function writeRules(group: RuleGroup): string {
  return writeConditions([conditionOfGroup(group)])
}

/** What a press of the form makes of its rules. What was begun is added whatever was pressed, or what is missing is said, so that saving loses none of it. */
export function nextRules(access: Access, body: Params): RuleStep {
  const group = withWays(readRules(access, oneOf(body, 'rules')), body)
  const [act, ...rest] = oneOf(body, 'act').split(':')
  const path = readPath(rest.join(':'))
  const input = readEditor(body)
  const editing = readPath(oneOf(body, 'editing'))
  if (act === 'remove' && path && path.length > 0) return { group: changeAt(group, path.slice(0, -1), (one) => ({ ...one, parts: one.parts.toSpliced(path.at(-1)!, 1) })), editor: null, save: false }
  if (act === 'open' && path) return { group, editor: { path, input: readEditor({}), message: '' }, save: false }
  if (act === 'group' && path) return { group: changeAt(group, path, (one) => (path.length < deepest ? { ...one, parts: [...one.parts, { how: 'any', parts: [] }] } : one)), editor: null, save: false }
  const save = act === 'save' || act === 'enter'
  const adds = oneOf(body, 'add') === '1'
  if (!editing || (!adds && !(save && input.label !== ''))) return { group, editor: null, save }
  const read = conditionFrom(access, input)
  if ('message' in read) return { group, editor: { path: editing, input, message: read.message }, save: false }
  const [part] = groupOf(read.condition).parts
  const added = 'not' in read.condition ? groupOf(read.condition) : part!
  return { group: changeAt(group, editing, (one) => ({ ...one, parts: [...one.parts, added] })), editor: null, save: act === 'save' }
}

/** Reads what writeRules wrote; what names something that this operator does not see is not taken. */
function readRules(access: Access, text: string): RuleGroup {
  const [condition, ...more] = text === '' ? [{ and: [] }] : readConditions(text, limits) ?? []
  if (!condition || more.length > 0 || problemOf(access, condition) !== undefined) throw new Invalid('The rules of this form cannot be read. Nothing was saved; open the page anew.')
  return groupOf(condition)
}

/** How the parts of each group go together, as the form says it beside the rules. */
function withWays(group: RuleGroup, body: Params): RuleGroup {
  return groupsIn(group).reduce((now, { path }) => {
    const how = oneOf(body, `how-${pathText(path)}`)
    return groupWays.includes(how as GroupWay) ? changeAt(now, path, (one) => ({ ...one, how: how as GroupWay })) : now
  }, group)
}
