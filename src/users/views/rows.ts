import type { Access } from '../../access/access.ts'
import { explainRows, type Link } from '../../identities/explain.ts'
import { formatMinute } from '../format-value.ts'
import { columnsById, readIdCell, showId } from '../id-values.ts'
import type { IdCell } from '../queries/id-cells.ts'
import type { JoiningValue, UserRow } from '../queries/profile.ts'

/** `exclude`: where the value is excluded from ID mapping; '' where the operator may not, or sees it masked. */
export interface StepModel { type: string; value: string; row: string; exclude: string }
export interface RowModel { name: string; source: string; key: string; number: string; created: string; updated: string; first: boolean; chain: StepModel[]; unknown: boolean }
export interface RowsModel { id: string; called: string; back: string; start: string; rows: RowModel[]; more: string }

/** The rows of a user and, for each but the first, the chain of shared values that leads to it from the first. */
export function rowsModel(access: Access, rows: UserRow[], joining: JoiningValue[], cells: IdCell[], aesKey: string | null, timeZone: string, excludeUrl: (idType: number, matchKey: string) => string): RowModel[] {
  const index = new Map(rows.map((row, at) => [row.rowNumber, at]))
  const keys = [...new Set(joining.map((one) => `${one.idType} ${one.matchKey}`))].sort()
  const number = new Map(keys.map((key, at) => [key, at]))
  const links: Link[] = joining.map((one) => ({ row: index.get(one.rowNumber)!, value: number.get(`${one.idType} ${one.matchKey}`)! }))
  const text = valueTexts(access, joining, cells, aesKey, number, excludeUrl)
  const nameOf = (row: UserRow) => `${access.source(row.sourceId)?.alias ?? ''} ${row.sourceKey ?? row.rowNumber}`
  return rows.map((row, at) => {
    const chain = at === 0 ? [] : explainRows(links, 0, at)
    return {
      name: nameOf(row), source: access.source(row.sourceId)?.alias ?? '', key: row.sourceKey ?? '', number: row.rowNumber,
      created: formatMinute(row.createdAt, timeZone), updated: formatMinute(row.rowTime, timeZone), first: at === 0,
      chain: (chain ?? []).map((step) => { const said = text.get(step.value)!; return { ...said, row: nameOf(rows[step.row]!) } }), unknown: chain === undefined
    }
  })
}

/** How each joining value is said: its type, and the value as the row that has it plain shows it. */
function valueTexts(access: Access, joining: JoiningValue[], cells: IdCell[], aesKey: string | null, number: Map<string, number>, excludeUrl: (idType: number, matchKey: string) => string): Map<number, Omit<StepModel, 'row'>> {
  const columns = columnsById(access)
  const values = cells.flatMap((cell) => {
    const column = columns.get(cell.columnId)
    return column ? [readIdCell(cell, column, aesKey)] : []
  })
  const texts = new Map<number, Omit<StepModel, 'row'>>()
  for (const one of joining) {
    const own = values.find((value) => value.rowNumber === one.rowNumber && value.columnId === one.columnId)
    const shown = own ? showId(own, values).text : ''
    const at = number.get(`${one.idType} ${one.matchKey}`)!
    if (!texts.get(at)?.value) texts.set(at, { type: access.idTypes.find((type) => type.id === one.idType)?.name ?? '', value: shown, exclude: own && !own.column.masked ? excludeUrl(one.idType, one.matchKey) : '' })
  }
  return texts
}
