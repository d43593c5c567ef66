import type { Access } from '../../access/access.ts'
import { writeConditions } from '../../conditions/condition-text.ts'
import { findOpenField } from '../../conditions/field.ts'
import { chipsOf, type ChipModel, type EditorModel } from '../../conditions/views.ts'
import type { UserQuery } from '../user-query.ts'

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
    chips: chipsOf(access, query.where),
    where: query.where.length ? writeConditions(query.where) : '',
    sort: `${query.sort.descending ? '-' : ''}${query.sort.by}`, size: String(query.size),
    editor
  }
}
