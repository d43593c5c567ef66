import type { Field } from '../../conditions/field.ts'
import { controlModel, helpOf } from './control.ts'
import { fieldId, type InlineEditorModel } from './field.ts'

/** How an editor stands: what is typed, on which state, and what is wrong with it. */
export interface EditorState {
  text: string; was: string; version: string
  problem: { message: string; conflict: boolean } | null
  focus: boolean; offers: readonly string[]; cancel: string; in: string | null
}

/** The editor of one value in its row. */
export function editorOf(field: Field, { text, was, version, problem, focus, offers, cancel, in: inText }: EditorState, timeZone: string): InlineEditorModel {
  const id = fieldId(field.ref)
  const control = controlModel(field, text, { id: `${id}-value`, name: 'value', offers, note: `${id}-note`, wrong: problem !== null, autofocus: focus })
  return {
    control, version, was, cancel, in: inText, unsaved: problem !== null, help: helpOf(field, control.control, timeZone),
    error: problem && !problem.conflict ? problem.message : '', conflict: problem?.conflict ? problem.message : ''
  }
}
