import type { Notice } from '../http/shell.ts'
import type { QueryFormModel } from './views/query-form.ts'
import type { RowModel, TableModel } from './views/table.ts'
import type { ColumnsModel } from './views/columns.ts'
import type { EditedModel, EditModel } from './views/edit.ts'
import type { FieldModel } from './views/field.ts'
import type { ProfileModel } from './views/profile.ts'
import type { RowsModel } from './views/rows.ts'

export interface ActionModel { label: string; href: string; primary: boolean }
/** What stands in the place of the table where there is none: why, and the ways on. */
export interface StateModel { heading: string; text: string; points: string[]; actions: ActionModel[] }

/** The number beside the title. `load` is the address that answers it where it is not known yet. */
export interface CountModel { text: string; load: string; href: string; all: string }

export interface ListModel {
  form: QueryFormModel; count: CountModel; columnsHref: string; exportHref: string; audienceHref: string; distributionHref: string
  table: TableModel | null; state: StateModel | null
  /** What is said to who brought in a source that they do not see, or ''. */
  hint: string
}

/** One value of a user after a request for it. `called` is how the user is called now, where that may have changed; else ''. */
export interface FieldAnswer { field: FieldModel; name: string; called: string; notice: Notice | null }

export interface GoneModel { id: string; heading: string; text: string; points: string[] }

declare module '../http/views.ts' {
  interface Views {
    'users/list': ListModel
    'users/_list': ListModel
    'users/_row': { row: RowModel }
    'users/_count': CountModel
    'users/nothing': StateModel
    'users/columns': ColumnsModel
    'users/_columns': ColumnsModel
    'users/profile': ProfileModel
    'users/_tags': ProfileModel
    'users/_information': ProfileModel
    'users/_history-rows': ProfileModel
    'users/edit': EditModel
    'users/_edit': EditModel
    'users/_edited': EditedModel
    'users/field': FieldAnswer
    'users/_field-answer': FieldAnswer
    'users/rows': RowsModel
    'users/gone': GoneModel
  }
}
