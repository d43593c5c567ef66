import type { Access, VisibleSource } from '../../access/access.ts'
import { showsAny } from '../../access/grants.ts'
import type { Role } from '../../access/role.ts'
import type { Condition } from '../../catalog/condition.ts'
import { problemOfRows } from '../../conditions/check-condition.ts'
import { writeConditions } from '../../conditions/condition-text.ts'
import { describe, type Part } from '../../conditions/labels.ts'
import { chipsOf, type ChipModel, type EditorModel } from '../../conditions/views.ts'
import { formatCount } from '../../format.ts'
import { seenOf } from '../role-state.ts'
import { frameModel, type AllRoles, type FrameModel } from './frame.ts'

export interface SourceRowsModel { alias: string; parts: Part[]; note: string; warn: boolean; href: string }
export interface RowsModel { frame: FrameModel; sources: SourceRowsModel[]; holds: string }

export interface RowConditionModel {
  heading: string; backUrl: string; action: string; seen: string; where: string
  chips: ChipModel[]; editorUrl: string; editor: EditorModel | null
  /** Why nothing can be changed here, or ''. */
  fixed: string
  /** What stands there now and is not shown as chips, or ''. */
  warning: string
  changed: boolean; holds: string; problem: string
}

export function rowsModel(all: AllRoles, role: Role, access: Access): RowsModel {
  const frame = frameModel(all, role, 'rows')
  return {
    frame, holds: 'A row that fails its condition is as if absent. With several roles a row is seen where any of them shows it; one without a condition sees all rows.',
    sources: access.sources.map((source) => {
      const grant = role.grants.sources.get(source.id)
      const condition = grant?.rowCondition ?? null
      const { parts, warning } = sayCondition(access.only(source.id), condition, all.own.administrator)
      const seen = role.administrator || (grant !== undefined && showsAny(grant))
      return { alias: source.alias, parts: seen || condition ? parts : [], note: warning || (seen ? '' : 'No column of it is shown.'), warn: warning !== '', href: frame.fixed ? '' : `/settings/roles/${role.id}/rows/${source.id}` }
    })
  }
}

/** A condition in words, as far as this operator sees what it speaks of. */
function sayCondition(access: Access, condition: Condition | null, administrator: boolean): { parts: Part[]; warning: string } {
  if (condition === null) return { parts: [{ text: 'All rows', strong: false }], warning: '' }
  const askable = problemOfRows(access, condition) === undefined
  if (!askable && !administrator) return { parts: [], warning: 'A condition on data that you do not see.' }
  return { parts: describe(access, condition), warning: askable ? '' : 'This cannot be asked as it stands; rows that only it would let through are not seen.' }
}

/** The conditions that stand beside one another in a stored one, all of which must hold. */
export function partsOfRows(condition: Condition | null): Condition[] {
  return condition === null ? [] : 'and' in condition ? condition.and : [condition]
}

export function rowConditionModel(all: AllRoles, role: Role, source: VisibleSource, access: Access, draft: readonly Condition[] | null, options: { editor: EditorModel | null; editorUrl: string; problem: string }): RowConditionModel {
  const stored = role.grants.sources.get(source.id)?.rowCondition ?? null
  const readable = stored === null || problemOfRows(access, stored) === undefined
  const { fixed } = frameModel(all, role, 'rows')
  const conditions = draft ?? (readable ? partsOfRows(stored) : [])
  return {
    heading: `Rows of ${source.alias} that ${role.name} sees`, backUrl: `/settings/roles/${role.id}/rows`, action: `/settings/roles/${role.id}/rows/${source.id}`, seen: seenOf.rows(role, source.id),
    where: writeConditions([...conditions]), chips: chipsOf(access, conditions), editor: options.editor, editorUrl: options.editorUrl, problem: options.problem,
    fixed: fixed || (readable || all.own.administrator ? '' : 'The condition that stands there speaks of data that you do not see. Only an administrator can change it.'),
    warning: readable ? '' : 'A condition stands there that cannot be asked: it names what is gone, or asks what its field cannot be asked. It lets no row through. Saving puts these conditions in its place.',
    changed: JSON.stringify(conditions) !== JSON.stringify(partsOfRows(stored)), holds: `Holds at once for ${formatCount(all.holders.get(role.id) ?? 0, 'operator')}.`
  }
}
