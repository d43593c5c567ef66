import type { Field } from '../../conditions/field.ts'
import type { Option } from '../../form.ts'
import type { Samples } from '../../http/views.ts'
import type { Selection } from '../../overrides/queries/selections.ts'
import type { Counted } from '../queries/effect.ts'
import { chosenModel, sayCounted, type ChosenModel, type EffectModel } from './batch.ts'

export interface ReturnModel extends ChosenModel { fields: Option[]; field: string; error: string; effect: EffectModel }

declare module '../../http/views.ts' {
  interface Views {
    'tags/return': ReturnModel
    'tags/_return': ReturnModel
  }
}

export function returnModel(selection: Selection, fields: readonly Field[], field: Field | undefined, handSet: Counted | null, options: { back: string; begins: boolean; error: string }): ReturnModel {
  const action = `/users/selections/${selection.id}/return`
  const chosen = chosenModel(selection, action, 'Return', options)
  return {
    ...chosen, submit: handSet?.exact ? `Return ${sayCounted(handSet)} to the source` : 'Return to the source',
    fields: fields.map(({ ref, label, tag }) => ({ value: ref, label: tag ? `${label} (tag)` : label })), field: field?.ref ?? '', error: options.error,
    effect: {
      action, live: false, nothing: fields.length === 0 ? 'Nothing that you see was set by hand.' : field ? '' : 'Choose a tag or an attribute to see what it would change.',
      figures: field ? [{ label: 'users with a hand-set value; they show again what their source says', value: sayCounted(handSet) }] : []
    }
  }
}

const full: ReturnModel = {
  action: '/users/selections/x/return', whom: '12 users, ticked in the list.', back: '/users', submit: 'Return 3 to the source', foot: 'You can undo it as a whole.', begins: true,
  fields: [{ value: 'attribute:city', label: 'City' }, { value: 'tag:12', label: 'Likes (tag)' }], field: 'tag:12', error: '', effect: { action: '/users/selections/x/return', live: false, nothing: '', figures: [{ label: 'users with a hand-set value', value: '3' }] }
}
const none: ReturnModel = { ...full, begins: false, fields: [], field: '', error: 'Choose a tag or an attribute.', effect: { ...full.effect, figures: [], nothing: 'Nothing was set by hand.' } }

export const samples: Samples = { 'tags/return': [full, none], 'tags/_return': [full, none] }
