import type { FieldState } from '../field-state.ts'
import type { Notice } from '../../http/shell.ts'
import { formatDay } from '../format-value.ts'
import { nameOf, type TypedField } from '../forms/edit.ts'
import { editText } from '../typed-value.ts'
import { controlModel, type ControlModel } from './control.ts'

export interface EditField {
  label: string; name: string; control: ControlModel; was: string; version: string
  help: string; error: string
  /** Whether somebody else changed it meanwhile: then what they set can be taken. */
  theirs: boolean
}
/** `choosing`: whether a button for what others set stands in the form, before OK. */
export interface EditModel { id: string; called: string; back: string; fields: EditField[]; choosing: boolean }
export interface EditedModel { notice: Notice | null }

/** What is wrong with a field of the form: what was typed, or that somebody else was quicker. */
export interface EditProblem { message: string; conflict: boolean }

/** The form of all attributes of a user; `typed` is what stands in it already. */
export function editModel(user: { userId: string; called: string }, states: readonly FieldState[], typed: readonly TypedField[], problems: Map<string, EditProblem>, offers: Map<string, string[]>, back: string, timeZone: string): EditModel {
  const first = states.find((state) => problems.has(state.field.ref))?.field.ref ?? states[0]?.field.ref
  return {
    id: user.userId, called: user.called, back, choosing: [...problems.values()].some((problem) => problem.conflict),
    fields: states.map(({ field, value, version, decision }) => {
      const problem = problems.get(field.ref)
      const given = typed.find((one) => one.field.ref === field.ref)
      const now = editText(value, timeZone)
      const id = `edit-${nameOf(field)}`
      // Where somebody was quicker, the next OK is about what is there now.
      const seen = problem?.conflict || !given ? { was: now, version } : given
      const help = decision ? `Set by hand on ${formatDay(decision.setAt, timeZone)}.` : ''
      const control = controlModel(field, given?.text ?? now, { id, name: `value-${nameOf(field)}`, offers: offers.get(field.ref) ?? [], note: problem ? `${id}-error` : help ? `${id}-help` : '', wrong: problem !== undefined, autofocus: field.ref === first })
      return { label: field.label, name: nameOf(field), control, was: seen.was, version: seen.version, help, error: problem?.message ?? '', theirs: problem?.conflict ?? false }
    })
  }
}
