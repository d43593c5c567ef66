import type { Catalog, CatalogSource } from '../../catalog/catalog.ts'
import { formatNumber } from '../../format.ts'
import type { ColumnsInput, Messages } from '../forms.ts'
import type { StructureColumn } from '../queries.ts'
import { readsAlike } from '../reads-alike.ts'
import type { StructureContext } from '../structure.ts'
import { specFromInput } from '../column-input.ts'
import { columnRow, summaryOf, type ColumnRow } from './columns.ts'
import { groupPaths, timeZoneNames } from './lists.ts'

export interface StructureRow extends ColumnRow { waits: boolean; filter: { name: string; checked: boolean } | null }
export interface StructureModel {
  alias: string; title: string; action: string; refreshUrl: string; backUrl: string; keyFacts: string; waits: boolean; aliasError: string; error: string
  rows: StructureRow[]; changedRows: StructureRow[]; groups: string[]; timeZones: string[]; summary: string
}

declare module '../../http/views.ts' {
  interface Views {
    'sources/structure': StructureModel
    'sources/_structure-changed': StructureModel
  }
}

export interface StructurePage {
  source: CatalogSource; columns: readonly StructureColumn[]; input: ColumnsInput; filters: ReadonlySet<number>; messages: Messages; context: StructureContext; catalog: Catalog; timeZone: string; changedRow?: string
}

export function structureModel({ source, columns, input, filters, messages, context, catalog, timeZone, changedRow }: StructurePage): StructureModel {
  const options = { context, messages, timeZone, updateTime: source.updateTimeColumn, keyColumn: source.keyColumn, fixedKey: { name: source.keyColumn, idType: source.keyIdType } }
  const specs = columns.map((column, index) => specFromInput(column.spec.name, input.columns[index] as ColumnsInput['columns'][number], context.attributes, column.spec.name === source.updateTimeColumn))
  const rows = columns.map((column, index): StructureRow => {
    const typed = input.columns[index] as ColumnsInput['columns'][number]
    return {
      ...columnRow(index, column.spec.name, typed, [], options), waits: !readsAlike(specs[index] as typeof column.spec, column.spec),
      filter: typed.kind === 'tag' ? { name: `q${index}`, checked: filters.has(index) } : null
    }
  })
  const url = `/settings/sources/${source.id}/structure`
  const keyType = catalog.idTypes.find((type) => type.code === source.keyIdType)?.name
  return {
    alias: input.alias, title: source.alias, action: url, refreshUrl: `${url}/rows`, backUrl: `/settings/sources/${source.id}`, keyFacts: keyType ? `${source.keyColumn}, ${keyType}` : source.keyColumn,
    waits: rows.some((row) => row.waits), aliasError: messages['alias'] ?? '', error: messages[''] ?? '', rows, changedRows: rows.filter((row) => row.id === changedRow),
    groups: groupPaths(catalog), timeZones: timeZoneNames(), summary: `${summaryOf(specs)}${filters.size ? `, ${formatNumber(filters.size)} with a filter index` : ''}`
  }
}
