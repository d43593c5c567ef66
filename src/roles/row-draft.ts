import type { Access } from '../access/access.ts'
import type { Condition } from '../catalog/condition.ts'
import { conditionFrom, readEditor, type EditorInput } from '../conditions/forms.ts'
import { oneOf, type Params } from '../conditions/params.ts'

/** Conditions on rows as they stand in the form, with the open editor; null are those that are stored. */
export interface Draft { conditions: Condition[] | null; editor: EditorInput | null; message: string }

/** What a press of the form makes of its conditions. What was begun is added whatever was pressed, or what is missing is said, so that saving loses none of it. */
export function nextStep(access: Access, conditions: Condition[], body: Params): Draft & { save: boolean } {
  const without = Number(oneOf(body, 'without'))
  if (without > 0) return { conditions: conditions.toSpliced(without - 1, 1), editor: null, message: '', save: false }
  const [input, add, save] = [readEditor(body), oneOf(body, 'add'), oneOf(body, 'save') !== '']
  if (add === 'condition' && input.label === '') return { conditions, editor: input, message: '', save: false }
  if (add === '' && !(save && input.label !== '')) return { conditions, editor: null, message: '', save }
  const read = conditionFrom(access, input, 'rows')
  return 'message' in read ? { conditions, editor: input, message: read.message, save } : { conditions: [...conditions, read.condition], editor: null, message: '', save }
}
