import type { Field } from '../../conditions/field.ts'
import { formatValue } from '../format-value.ts'
import type { Cell } from '../queries/list.ts'
import type { ControlModel } from './control.ts'
import type { OverrideModel } from './override.ts'

/** A value of a user in its row: shown, or open in its editor. */
export interface FieldModel {
  /** Id of the row, the same in both states. */
  id: string
  ref: string; label: string
  /** The label inside a sentence. */
  spoken: string
  kind: 'fact' | 'tag'
  description: string; source: string
  text: string; pills: string[]; long: boolean
  /** Address of the value; '' where it may not be edited. */
  href: string
  returnHref: string
  override: OverrideModel | null
  editor: InlineEditorModel | null
  /** Whether the value takes the focus when it is shown. */
  autofocus: boolean
}

export interface InlineEditorModel {
  control: ControlModel; version: string; was: string
  help: string; error: string
  /** What somebody else did meanwhile: the operator chooses. */
  conflict: string
  /** Whether something was typed that is not saved. */
  unsaved: boolean
  cancel: string
  /** The list that the profile was opened from, for pages without a script; null where there was none. */
  in: string | null
}

const longText = 60

export function fieldId(ref: string): string {
  return `field-${ref.replace(':', '-')}`
}

export function fieldModel(field: Field, userId: string, value: Cell, timeZone: string, options: { mayEdit: boolean; override?: OverrideModel | null; editor?: InlineEditorModel | null; autofocus?: boolean }): FieldModel {
  const text = formatValue(field.masked ? 'text' : field.type, value, timeZone)
  const pills = Array.isArray(value) && value.every((one) => one.length <= longText / 2) ? value : []
  return {
    id: fieldId(field.ref), ref: field.ref, label: field.label, spoken: field.label.toLowerCase(), kind: field.tag ? 'tag' : 'fact', description: field.tag?.column.description ?? '', source: field.tag?.source.alias ?? '',
    text, pills, long: pills.length === 0 && (text.length > longText || text.includes('\n')),
    href: options.mayEdit && !field.masked ? `/users/${userId}/fields/${field.ref}` : '', returnHref: `/users/${userId}/returns`,
    override: options.override ?? null, editor: options.editor ?? null, autofocus: options.autofocus ?? false
  }
}
