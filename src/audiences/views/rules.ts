import type { Access } from '../../access/access.ts'
import { describe, subjectOf, type Part } from '../../conditions/labels.ts'
import { sampleEditor, type EditorModel } from '../../conditions/views.ts'
import type { Samples } from '../../http/views.ts'
import { writeRules, type RuleDraft } from '../rule-draft.ts'
import { deepest, groupWays, isGroup, pathText, type GroupWay, type RuleGroup } from '../rule-tree.ts'

export interface RuleItem { parts: Part[]; about: string; path: string; group: RuleGroupModel | null }
export interface RuleGroupModel {
  path: string; id: string; outermost: boolean
  ways: { value: string; label: string; chosen: boolean }[]
  items: RuleItem[]; nothing: string; mayNest: boolean
  editor: EditorModel | null
}
export interface RulesModel { rules: string; editing: string; error: string; group: RuleGroupModel; action: string }

declare module '../../http/views.ts' {
  interface Views {
    'audiences/_rules': { rules: RulesModel | null }
    'audiences/_rule-group': { group: RuleGroupModel; action: string }
  }
}

const wayLabels: Record<GroupWay, string> = { all: 'All of these hold', any: 'Any of these holds', none: 'None of these holds' }

/** The rules of a form: groups inside groups, with the editor where it is open. */
export function rulesModel(access: Access, draft: RuleDraft, options: { editor: EditorModel | null; error: string; action: string }): RulesModel {
  const editing = draft.editor ? pathText(draft.editor.path) : ''
  return { rules: writeRules(draft.group), editing, error: options.error, action: options.action, group: groupModel(access, draft.group, [], { editing, editor: options.editor }) }
}

function groupModel(access: Access, group: RuleGroup, path: readonly number[], open: { editing: string; editor: EditorModel | null }): RuleGroupModel {
  const own = pathText(path)
  return {
    path: own, id: `group-${own.replaceAll('.', '-')}`, outermost: path.length === 0, ways: groupWays.map((value) => ({ value, label: wayLabels[value], chosen: value === group.how })),
    items: group.parts.map((part, index): RuleItem => {
      const at = [...path, index]
      return isGroup(part) ? { parts: [], about: 'this group', path: pathText(at), group: groupModel(access, part, at, open) } : { parts: describe(access, part), about: subjectOf(access, part), path: pathText(at), group: null }
    }),
    nothing: path.length === 0 ? 'Without a condition everybody is in it.' : 'An empty group is left out.', mayNest: path.length < deepest - 1, editor: open.editing === own ? open.editor : null
  }
}

const bare: RuleGroupModel = { path: 'r.1', id: 'group-r-1', outermost: false, ways: [{ value: 'any', label: 'Any of these holds', chosen: true }, { value: 'all', label: 'All of these hold', chosen: false }], items: [], nothing: 'An empty group is left out.', mayNest: false, editor: null }
const group: RuleGroupModel = {
  ...bare, path: 'r', id: 'group-r', outermost: true, mayNest: true, editor: sampleEditor,
  items: [{ parts: [{ text: 'City is ', strong: false }, { text: 'Berlin', strong: true }], about: 'City', path: 'r.0', group: null }, { parts: [], about: 'this group', path: 'r.1', group: bare }]
}
export const sampleRules: RulesModel = { rules: '[["and"]]', editing: 'r', error: 'An audience cannot be made of itself.', group, action: '/audiences' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'audiences/_rules': [{ rules: sampleRules }, { rules: { ...sampleRules, error: '', editing: '', group: { ...bare, path: 'r', id: 'group-r', outermost: true } } }, { rules: null }], 'audiences/_rule-group': { group: { ...group, editor: null }, action: '/audiences' }
}
