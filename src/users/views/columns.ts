import type { Access } from '../../access/access.ts'
import { displayColumn, offeredColumns } from '../columns.ts'

/** What was chosen so far in Column Display, as its form holds it. */
export interface ColumnsInput { chosen: string[]; group: string; search: string }

export interface ColumnsModel {
  back: string
  groups: { name: string; count: number; current: boolean; id: string }[]
  group: string; search: string
  offers: { ref: string; label: string; note: string; ticked: boolean; id: string }[]
  chosen: { ref: string; label: string; first: boolean; last: boolean; id: string }[]
  nothing: string
  message: string
}

export function columnsModel(access: Access, input: ColumnsInput, back: string, message: string): ColumnsModel {
  const groups = offeredColumns(access)
  const wanted = input.search.trim().toLowerCase()
  const current = groups.find((group) => group.name === input.group) ?? groups[0]
  const shown = wanted ? groups.flatMap((group) => group.columns).filter((column) => column.label.toLowerCase().includes(wanted)).slice(0, 200) : current?.columns ?? []
  const chosen = input.chosen.flatMap((ref) => displayColumn(access, ref) ?? [])
  return {
    back, message, group: current?.name ?? '', search: input.search,
    groups: groups.map((group, index) => ({ name: group.name, count: group.columns.length, current: !wanted && group === current, id: `group-${index}` })),
    offers: shown.map((column) => ({ ...column, ticked: input.chosen.includes(column.ref), id: `offer-${idOf(column.ref)}` })),
    chosen: chosen.map((column, index) => ({ ref: column.ref, label: column.label, first: index === 0, last: index === chosen.length - 1, id: idOf(column.ref) })),
    nothing: shown.length === 0 ? 'No attribute or tag has this in its name.' : ''
  }
}

function idOf(ref: string): string {
  return ref.replace(':', '-')
}
