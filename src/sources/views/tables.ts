import { placeInWords, type Connection } from '../../connections/connection.ts'
import type { FoundTable } from '../../connections/queries/other.ts'
import { tableInWords, type TableRef } from '../../connections/table.ts'
import { formatAbout } from '../../format.ts'

export interface TableLine { name: string; schema: string; table: string; kind: string; rows: string; note: string; source: { href: string; alias: string } | null }
export interface TablesModel {
  heading: string; facts: string; backUrl: string; action: string; search: string; tables: TableLine[]; empty: string; more: string; problem: string
  /** Statements that whoever runs the database has to run. */
  grants: string[]
}

declare module '../../http/views.ts' {
  interface Views { 'sources/tables': TablesModel }
}

interface Found { search: string; tables: readonly FoundTable[]; more: boolean; sources: readonly (TableRef & { sourceId: number; alias: string })[]; problem: string; grants: string[] }

export function tablesModel(connection: Connection, { search, tables, more, sources, problem, grants }: Found): TablesModel {
  return {
    heading: 'New source from a table', facts: `${connection.name}, ${placeInWords(connection)}`, backUrl: `/settings/connections/${connection.id}`, action: `/settings/sources/from/${connection.id}`, search, problem, grants,
    empty: tables.length || problem ? '' : search === '' ? 'It holds no table and no view.' : 'No table or view has this in its name.', more: more ? `The first ${tables.length} are shown. Search to see others.` : '',
    tables: tables.map((found) => {
      const source = sources.find((one) => one.schema === found.schema && one.table === found.table)
      return {
        name: tableInWords(found), schema: found.schema, table: found.table, kind: found.kind, rows: found.kind === 'table' && found.rowsAbout ? formatAbout(found.rowsAbout) : '–',
        note: found.readable ? '' : 'no right to read yet', source: source ? { href: `/settings/sources/${source.sourceId}`, alias: source.alias } : null
      }
    })
  }
}
