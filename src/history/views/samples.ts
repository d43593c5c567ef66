import type { Samples } from '../../http/views.ts'
import type { UndoModel } from './undo.ts'

const undo: UndoModel = {
  heading: 'Take back', what: 'Batch tag Likes, 1,284 users', facts: '2026-11-21 15:30, Zhao Min', figures: [{ label: 'users concerned', value: '1,284' }], text: 'Each value becomes again what it was before.',
  button: 'Put back 1,284 values', action: '/history/9/undo', backUrl: '/users'
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'history/undo': [undo, { ...undo, button: '' }]
}
