import { formatCount, formatNumber } from '../../format.ts'
import type { Undone } from '../../overrides/undo.ts'
import type { EntryLine } from '../lines.ts'

export interface UndoModel {
  heading: string; what: string; facts: string; figures: { label: string; value: string }[]; text: string
  /** The label of the button; '' where nothing would be put back. */
  button: string
  action: string; backUrl: string
}

export function undoModel(id: string, line: EntryLine | undefined, effect: Undone, { byJob, backUrl }: { byJob: boolean; backUrl: string }): UndoModel {
  const figures = [
    { label: 'users concerned', value: formatNumber(effect.users + effect.skipped) }, { label: 'values to be put back', value: formatNumber(effect.values) },
    { label: 'values changed since, to be skipped', value: formatNumber(effect.valuesSkipped) }
  ]
  return {
    heading: 'Take back', what: line?.what ?? '', facts: line ? `${line.when}, ${line.who}` : '', figures, text: textOf(effect, byJob),
    button: effect.values > 0 ? `Put back ${formatCount(effect.values, 'value')}` : '', action: `/history/${id}/undo`, backUrl
  }
}

function textOf({ values, valuesSkipped }: Undone, byJob: boolean): string {
  if (values === 0) return valuesSkipped ? 'All of it was changed again since. Take back what came after it first.' : 'The tag or the users are not there any more.'
  return `Each value becomes again what it was before.${valuesSkipped ? ' What was changed since stays as it is now.' : ''}${byJob ? ' A job does it; you can cancel it while it works, and then nothing changes.' : ''}`
}
