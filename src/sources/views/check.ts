import type { Access } from '../../access/access.ts'
import type { Catalog, CatalogSource } from '../../catalog/catalog.ts'
import type { ColumnSpec } from '../../catalog/column.ts'
import { formatCount, formatNumber } from '../../format.ts'
import { previewOf } from '../preview.ts'
import type { Upload } from '../queries.ts'
import type { SampledFile } from '../sample-file.ts'
import { factsOf } from './columns-page.ts'
import { formatFields, type FormatFields } from './file-format.ts'
import { previewModel, type PreviewModel } from './preview.ts'

/** A file for a known source, before it is imported. */
export interface CheckModel {
  alias: string; fileName: string; facts: string; importUrl: string; previewUrl: string; discardUrl: string; format: FormatFields
  notices: { tone: 'warn' | 'bad'; text: string }[]; blocked: boolean
  whole: { shown: boolean; checked: boolean; help: string; removals: string; said: string }
  submit: string; preview: PreviewModel
}

declare module '../../http/views.ts' {
  interface Views {
    'sources/check': CheckModel
    'sources/_check-changed': CheckModel
  }
}

export interface CheckPage { access: Access; source: CatalogSource; upload: Upload; sample: SampledFile; columns: ColumnSpec[]; catalog: Catalog; timeZone: string; whole: boolean; removals: number | null }

export function checkModel({ access, source, upload, sample, columns, catalog, timeZone, whole, removals }: CheckPage): CheckModel {
  const url = `/settings/sources/uploads/${upload.id}`
  const missing = missingColumns(source, sample, columns)
  const notices: CheckModel['notices'] = sample.notes.map((text) => ({ tone: 'warn', text }))
  const seen = columns.filter((column) => access.everything || access.source(source.id)?.columns.some((one) => one.name === column.name && !one.masked) || source.rowsTable === null || column.kind === 'ignore')
  const hidden = columns.filter((column) => column.kind !== 'ignore' && !seen.includes(column)).length
  if (hidden) notices.push({ tone: 'warn', text: `${formatCount(hidden, 'column')} of this source ${hidden === 1 ? 'is' : 'are'} not shown below, since your roles do not show ${hidden === 1 ? 'it' : 'them'}. All are imported.` })
  const names = new Set(columns.map((column) => column.name))
  const fresh = sample.names.filter((name) => !names.has(name))
  if (sample.unreadable !== null) notices.push({ tone: 'bad', text: `Read like this, the file is no table. ${sample.unreadable}` })
  else if (missing.length) notices.push({ tone: 'bad', text: `The file has no column ${quoted(missing)}. Choose another delimiter or encoding if the names below look wrong; else upload a file with all columns of this source, or set the missing ones to Ignore on its structure page.` })
  if (fresh.length) notices.push({ tone: 'warn', text: `New in this file: ${quoted(fresh)}. ${fresh.length === 1 ? 'It is' : 'They are'} not imported until the structure page says how.` })
  if (source.structurePending) notices.push({ tone: 'warn', text: 'The structure was changed: this run reads the whole file with it. Rows of the source that are not in this file have no value in the changed columns until a file brings them.' })
  const count = removals === null ? '' : removals === 0 ? 'Every row of the source is in the file: none would be removed.' : `${formatCount(removals, 'row')} of the source ${removals === 1 ? 'is' : 'are'} not in the file and would be removed.`
  return {
    alias: source.alias, fileName: upload.fileName, facts: factsOf(upload, sample), importUrl: `${url}/import`, previewUrl: `${url}/preview`, discardUrl: `${url}/discard`, format: formatFields(sample.format),
    notices, blocked: missing.length > 0,
    whole: { shown: source.rowsTable !== null, checked: whole, help: `Rows of ${source.alias} that are not in the file are removed; it has ${formatCount(source.rowCount, 'row')} now.`, removals: removals === null ? '' : String(removals), said: whole ? count : '' },
    submit: whole && removals ? `Import and remove ${formatNumber(removals)} ${removals === 1 ? 'row' : 'rows'}` : 'Import',
    preview: previewModel(previewOf(sample, { keyColumn: keyOf(source, seen), updateTimeColumn: source.updateTimeColumn, columns: seen }, timeZone), { rowsAbout: sample.rowsAbout, exact: sample.exact, idTypes: catalog.idTypes, attributes: catalog.attributes })
  }
}

export function missingColumns(source: Pick<CatalogSource, 'keyColumn' | 'updateTimeColumn'>, sample: SampledFile, columns: readonly ColumnSpec[]): string[] {
  return columns.filter((column) => (column.kind !== 'ignore' || column.name === source.keyColumn || column.name === source.updateTimeColumn) && !sample.names.includes(column.name)).map((column) => column.name)
}

function quoted(names: readonly string[]): string {
  return `${names.slice(0, 5).map((name) => `“${name}”`).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
}

/** A problem of a row quotes its key, so that a key which is not shown is not looked at. */
function keyOf(source: CatalogSource, seen: readonly ColumnSpec[]): string {
  return seen.some((column) => column.name === source.keyColumn) ? source.keyColumn : ''
}
