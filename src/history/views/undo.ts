import { formatCount, formatNumber } from '../../format.ts'
import type { Undone } from '../../overrides/undo.ts'
import type { EntryLine } from '../lines.ts'

export interface UndoModel {
  heading: string; what: string; facts: string; figures: { label: string; value: string }[]; text: string
  /** The label of the button; '' where nothing would be put back. */
  button: string
  action: string; backUrl: string
}

export function undoModel(entry: { id: string; usersAffected: number | null }, line: EntryLine | undefined, effect: Undone | undefined, { byJob, backUrl }: { byJob: boolean; backUrl: string }): UndoModel {
  return {
    heading: 'Take back', what: line?.what ?? '', facts: line ? `${line.when}, ${line.who}` : '', ...(effect ? counted(effect, byJob) : uncounted(entry.usersAffected ?? 0)),
    action: `/history/${entry.id}/undo`, backUrl
  }
}

function counted(effect: Undone, byJob: boolean): Pick<UndoModel, 'figures' | 'text' | 'button'> {
  const figures = [
    { label: 'users concerned', value: formatNumber(effect.users + effect.skipped) }, { label: 'values to be put back', value: formatNumber(effect.values) },
    { label: 'values changed since, to be skipped', value: formatNumber(effect.valuesSkipped) }
  ]
  return { figures, text: textOf(effect, byJob), button: effect.values > 0 ? `Put back ${formatCount(effect.values, 'value')}` : '' }
}

/** So many that the page does not wait for the count: the job that takes them back says how many it skipped. */
function uncounted(users: number): Pick<UndoModel, 'figures' | 'text' | 'button'> {
  return { figures: [{ label: 'users concerned', value: formatNumber(users) }], text: `${becomes} What was changed since stays as it is now; the result says how many that were. ${cancellable}`, button: 'Put back' }
}

const becomes = 'Each value becomes again what it was before.'
const cancellable = 'A job does it; you can cancel it while it works, and then nothing changes.'

function textOf({ values, valuesSkipped }: Undone, byJob: boolean): string {
  if (values === 0) return valuesSkipped ? 'All of it was changed again since. Take back what came after it first.' : 'The tag or the users are not there any more.'
  return `${becomes}${valuesSkipped ? ' What was changed since stays as it is now.' : ''}${byJob ? ` ${cancellable}` : ''}`
}
