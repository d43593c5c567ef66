import type { Access } from '../access/access.ts'
import type { Condition } from '../catalog/condition.ts'
import { conditionFrom, readEditor, type EditorInput } from '../conditions/forms.ts'
import { oneOf, type Params } from '../conditions/params.ts'

/** Conditions on rows as they stand in the form, with the open editor; null are those that are stored. */
export interface Draft { conditions: Condition[] | null; editor: EditorInput | null; message: string }

/** What a press of the form makes of its conditions. What was typed is added whatever was pressed, so that saving does not lose it. */
export function nextStep(access: Access, conditions: Condition[], body: Params): Draft & { save: boolean } {
  const without = Number(oneOf(body, 'without'))
  if (without > 0) return { conditions: conditions.toSpliced(without - 1, 1), editor: null, message: '', save: false }
  const [input, add, save] = [readEditor(body), oneOf(body, 'add'), oneOf(body, 'save') !== '']
  const typed = input.label !== '' && (input.value !== '' || input.to !== '' || input.ticked.length > 0)
  if (add === 'condition' && !typed) return { conditions, editor: input, message: '', save: false }
  if (add === '' && !(save && typed)) return { conditions, editor: null, message: '', save }
  const read = conditionFrom(access, input, 'rows')
  return 'message' in read ? { conditions, editor: input, message: read.message, save } : { conditions: [...conditions, read.condition], editor: null, message: '', save }
}
