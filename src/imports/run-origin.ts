import type { TableRef } from '../connections/table.ts'

/** What begins a run: a person, a schedule, a program by the API, or the import command. */
export type Started = 'hand' | 'schedule' | 'api' | 'command'

/** What a run reads instead of a file. `changedBy`: only rows whose time there is that of the mark or later; null, or with `everything`: all. */
export interface RunOrigin extends TableRef { connectionId: number; changedBy: string | null; everything: boolean }

/** How far a run came: the greatest time in a column of a table, as that database writes it. */
export interface Mark extends TableRef { connectionId: number; column: string; value: string }

/** Does a mark say where to go on? One of another table or column says nothing. */
export function isMarkOf(mark: Mark | null, origin: RunOrigin): mark is Mark {
  return mark !== null && mark.connectionId === origin.connectionId && mark.schema === origin.schema && mark.table === origin.table && mark.column === origin.changedBy
}
