import type { Catalog } from '../../catalog/catalog.ts'
import { formatAbout, formatBytes, formatCount, formatNumber } from '../../format.ts'
import type { ColumnsInput, Messages } from '../forms.ts'
import type { Choice } from '../labels.ts'
import { previewOf } from '../preview.ts'
import type { Upload } from '../queries.ts'
import type { SampledFile } from '../sample-file.ts'
import { maxImported, type Structure, type StructureContext } from '../structure.ts'
import { columnRow, summaryOf, type ColumnRow } from './columns.ts'
import { formatFields, type FormatFields } from './file-format.ts'
import { groupPaths, timeZoneNames } from './lists.ts'
import { previewModel, type PreviewModel } from './preview.ts'

export interface ColumnsForm {
  importUrl: string; previewUrl: string; discardUrl: string; namesMark: string; notices: { tone: 'warn' | 'bad'; text: string }[]
  alias: { value: string; error: string }; key: { value: string; error: string; options: Choice[] }; keyIdType: string; updateTime: { value: string; error: string; options: Choice[] }
  /** Null where the rows are no file. */
  format: FormatFields | null; rows: ColumnRow[]; groups: string[]; timeZones: string[]; summary: string; error: string
}

/** `begins`: what the first step was. */
export interface ColumnsModel { fileName: string; backUrl: string; begins: string; facts: string; form: ColumnsForm; preview: PreviewModel; changedRows: ColumnRow[] }

declare module '../../http/views.ts' {
  interface Views {
    'sources/columns': ColumnsModel
    'sources/_columns-changed': ColumnsModel
    'sources/_preview-changed': ColumnsModel
  }
}

export interface ColumnsPage {
  upload: Upload; sample: SampledFile; input: ColumnsInput; structure: Structure; messages: Messages
  /** Columns that look like times, whatever they are read as now. */
  timeLike: ReadonlySet<string>
  context: StructureContext; catalog: Catalog; timeZone: string
  /** The row that was just changed, by its id on the page. */
  changedRow?: string
}

export function columnsModel(page: ColumnsPage): ColumnsModel {
  const { upload, sample, input, structure, messages, catalog } = page
  const options = { context: page.context, messages, timeZone: page.timeZone, updateTime: structure.updateTimeColumn, keyColumn: structure.keyColumn || null }
  const rows = sample.names.map((name, index) => columnRow(index, name, input.columns[index] as ColumnsInput['columns'][number], sample.rows.map((row) => row.cells[index] ?? ''), options))
  const url = `/settings/sources/uploads/${upload.id}`
  const columns = sample.names.map((name, index) => ({ value: String(index), label: name }))
  const times = structure.columns.flatMap((column, index) => (column.type === 'time' || column.type === 'date' || String(index) === input.updateTime || page.timeLike.has(column.name) ? [{ value: String(index), label: column.name }] : []))
  return {
    fileName: upload.fileName, backUrl: upload.origin ? `/settings/sources/from/${upload.origin.connectionId}` : '/settings/sources', begins: upload.origin ? 'Table' : 'Upload', facts: factsOf(upload, sample), changedRows: rows.filter((row) => row.id === page.changedRow),
    form: {
      importUrl: `${url}/import`, previewUrl: `${url}/preview`, discardUrl: `${url}/discard`, namesMark: namesMark(sample.names), notices: noticesOf(sample),
      alias: { value: input.alias, error: messages['alias'] ?? '' },
      key: { value: input.key, error: messages['key'] ?? '', options: [{ value: '', label: 'Choose a column' }, ...columns] },
      keyIdType: catalog.idTypes.find((type) => type.code === structure.keyIdType)?.name ?? '',
      updateTime: { value: input.updateTime, error: messages['update'] ?? '', options: [{ value: '', label: 'None' }, ...times] },
      format: upload.origin ? null : formatFields(sample.format), rows, groups: groupPaths(catalog),
      timeZones: timeZoneNames(), summary: `${summaryOf(structure.columns)}${structure.columns.some((column) => column.kind === 'id') ? '' : noId}`, error: messages[''] ?? ''
    },
    preview: previewModel(previewOf(sample, structure, page.timeZone), { rowsAbout: sample.rowsAbout, exact: sample.exact, idTypes: catalog.idTypes, attributes: catalog.attributes })
  }
}

export function factsOf(upload: Pick<Upload, 'bytes' | 'origin'>, sample: SampledFile): string {
  return `${upload.origin ? `${upload.origin.kind} in ${upload.origin.connection}` : formatBytes(upload.bytes)}, ${sample.exact ? formatCount(sample.rowsAbout, 'row') : `${formatAbout(sample.rowsAbout)} rows`}, ${formatCount(sample.names.length, 'column')}`
}

// Said before the import: afterwards many wonder why nobody is found.
const noId = '. No column is read as an ID: no ID finds these users, and they join nobody'

/** The columns that a posted form was made for: with another delimiter its fields mean other columns. */
export function namesMark(names: readonly string[]): string {
  let hash = 7
  for (const name of names) for (const character of `${name}\n`) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return `${names.length}-${hash.toString(36)}`
}

function noticesOf(sample: SampledFile): ColumnsForm['notices'] {
  const notices: ColumnsForm['notices'] = sample.notes.map((text) => ({ tone: 'warn', text }))
  if (sample.unreadable !== null) notices.push({ tone: 'bad', text: `Read like this, the file is no table. ${sample.unreadable}` })
  if (sample.names.length <= maxImported) return notices
  return [...notices, { tone: 'warn', text: `The file has ${formatNumber(sample.names.length)} columns; a source can have ${maxImported} imported ones. The columns after the ${maxImported}th are set to Ignore. To import one of them, set another to Ignore.` }]
}
