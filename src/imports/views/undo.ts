import { formatCount, formatNumber } from '../../format.ts'
import type { Run } from '../queries.ts'
import type { DecisionsOfUndo } from '../queries/undo.ts'

export interface UndoModel {
  heading: string; backUrl: string; backLabel: string
  /** Why it cannot be undone; else what goes, and where OK is sent. */
  refusal: string; action: string; figures: { label: string; value: string }[]; notes: string[]; submit: string
}

declare module '../../http/views.ts' {
  interface Views { 'imports/undo': UndoModel }
}

/** What undo of a run takes away and brings back, said before it happens. `decisions` null where it is refused. */
export function undoModel(run: Run, refusal: string | null, decisions: DecisionsOfUndo | null): UndoModel {
  const path = `/settings/imports/${run.id}`
  const model = { heading: `Undo run ${run.id}`, backUrl: path, backLabel: `Run ${run.id}`, refusal: refusal ?? '', action: `${path}/undo`, submit: `Undo run ${run.id}` }
  if (refusal !== null || !decisions) return { ...model, figures: [], notes: [] }
  const figure = (count: number | null, one: string, many: string) => ({ label: count === 1 ? one : many, value: formatNumber(count ?? 0) })
  return {
    ...model,
    figures: [
      figure(run.new, 'new row goes', 'new rows go'), figure(run.changed, 'row changes back', 'rows change back'), figure(run.removed, 'removed row returns', 'removed rows return'),
      figure(run.usersNew, 'user came with it', 'users came with it'), figure(decisions.returning, 'hand-set value returns', 'hand-set values return')
    ],
    notes: [
      run.beforeKind === 'first' ? `It was the first run, so all rows of ${run.alias} go. The source stays, with nothing imported.` : `The rows of ${run.alias} are again what they were before this run.`,
      'Users that it joined or split are worked out anew from the rows that stay. Old user IDs keep leading to the right user.',
      'What was edited and tagged since stays, with the user who has the row.',
      ...(decisions.onRowsThatGo ? [`${formatCount(decisions.onRowsThatGo, 'hand-set value')} ${decisions.onRowsThatGo === 1 ? 'belongs to a row that goes' : 'belong to rows that go'}: out of sight where the user goes too, and back when the row comes again.`] : []),
      'Runs before this one cannot be undone then. The same file can be imported again.'
    ]
  }
}
