import type { UndoModel } from './views/undo.ts'

declare module '../http/views.ts' {
  interface Views {
    'history/undo': UndoModel
  }
}
