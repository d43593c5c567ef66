import type { Field } from '../../conditions/field.ts'
import type { LastAct, ShownDecision } from '../../overrides/queries/shown-decisions.ts'
import { formatMinute } from '../format-value.ts'

/** What was done, in one sentence. */
export function saidSet(field: Field, emptied: boolean, called: string): string {
  return emptied ? `${field.label} of ${called} is empty now, set by hand: imports do not fill it.` : `${field.label} set for ${called}.`
}

export function saidReturned(field: Field, called: string): string {
  return `${field.label} of ${called} is again what its source says.`
}

/** What somebody else did to a value while it was edited: what it is now, by whom, since when. */
export function saidConflict(now: string, decision: ShownDecision | null, last: LastAct | undefined, timeZone: string): string {
  const value = now === '' ? 'empty' : `“${now.length > 80 ? `${now.slice(0, 80)}…` : now}”`
  const who = decision?.operator ?? last?.operator ?? 'Somebody'
  const at = (time: Date) => `on ${formatMinute(time, timeZone)}`
  if (decision) return `${who} set this to ${value} ${at(decision.setAt)}, after you opened it.`
  if (last?.what === 'returned') return `${who} gave this back to its source ${at(last.at)}, after you opened it: it is ${value} now.`
  if (last?.what === 'undone') return `${who} took a change of this back ${at(last.at)}, after you opened it: it is ${value} now.`
  return `An import changed this after you opened it: it is ${value} now.`
}

export function saidEdited(called: string): string {
  return `${called} was edited.`
}
