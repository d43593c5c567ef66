import type { EntryModel } from './views/entry.ts'
import type { KeepingModel } from './views/keeping.ts'
import type { ListModel } from './views/list.ts'
import type { UndoModel } from './views/undo.ts'

declare module '../http/views.ts' {
  interface Views {
    'history/list': ListModel
    'history/entry': EntryModel
    'history/keeping': KeepingModel
    'history/undo': UndoModel
  }
}
