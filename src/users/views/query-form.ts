import type { Access } from '../../access/access.ts'
import { describe, subjectOf, type Part } from '../../conditions/labels.ts'
import { writeConditions } from '../../conditions/condition-text.ts'
import { findOpenField } from '../../conditions/field.ts'
import type { UserQuery } from '../user-query.ts'

export interface ChipModel { parts: Part[]; about: string; number: number }

/** The open editor of a new condition. */
export interface EditorModel {
  fields: string[]; field: string
  operators: { value: string; label: string; chosen: boolean }[]
  /** What is typed: one text, several values, a range, or nothing. */
  input: 'text' | 'several' | 'range' | 'none'
  /** Type of the input elements: text, number-like text, date or date and time. */
  inputType: 'text' | 'date' | 'datetime-local'
  numeric: boolean; value: string; to: string; help: string
  ticks: { value: string; count: string; ticked: boolean }[]
  /** Address that answers values while typing; '' where none are offered. */
  suggest: string
  suggestions: string[]
  message: string
  cancel: string
}

export interface QueryFormModel {
  id: string
  levels: { value: string; label: string; ticked: boolean }[] | null
  levelsChosen: string
  chips: ChipModel[]; where: string; sort: string; size: string
  editor: EditorModel | null
}

export function queryFormModel(access: Access, query: UserQuery, levels: string[], editor: EditorModel | null): QueryFormModel {
  const known = [...levels, ...query.levels.filter((level) => level !== '' && !levels.includes(level))]
  const chosen = query.levels.map((level) => level || 'No level')
  return {
    id: query.id,
    levels: findOpenField(access, 'attribute:member_level')
      ? [...known.map((level) => ({ value: level, label: level, ticked: query.levels.includes(level) })), { value: '', label: 'No level', ticked: query.levels.includes('') }]
      : null,
    levelsChosen: chosen.length === 0 ? 'Any' : chosen.length > 2 ? `${chosen.length} levels` : chosen.join(', '),
    chips: query.where.map((condition, index) => ({ parts: describe(access, condition), about: subjectOf(access, condition), number: index + 1 })),
    where: query.where.length ? writeConditions(query.where) : '',
    sort: `${query.sort.descending ? '-' : ''}${query.sort.by}`, size: String(query.size),
    editor
  }
}
