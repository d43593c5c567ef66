import { parse } from 'csv-parse/sync'
import { Invalid } from '../problem.ts'
import { trimBlanks } from './blanks.ts'
import { detectDelimiter, detectEncoding, detectHeader } from './detect.ts'

export interface FileSample {
  encoding: string
  /** One ASCII character. */
  delimiter: string
  header: boolean
  /** Of every column, unique and filled; 'column 3' where the file names none. */
  names: string[]
  rows: { line: number; cells: string[] }[]
  /** What an operator should know although the file can be read. */
  problems: string[]
}

const sampleRows = 1000
// Staging holds every column of a file as one column of a table, of which PostgreSQL takes 1,600.
const mostColumns = 1500
const longestName = 200

/**
 * Reads the beginning of a file as a table, detecting what is not given. Throws Invalid with a sentence for an empty file,
 * a file that is no text, and one that has too many columns.
 */
export function readSample(head: Buffer, chosen: { encoding?: string; delimiter?: string; header?: boolean } = {}): FileSample {
  if (head.length === 0) throw new Invalid('The file is empty. Choose a CSV file with a header line and at least one row.')
  const encoding = chosen.encoding ?? detectEncoding(head)
  const text = decode(head, encoding)
  if (trimBlanks(text) === '') throw new Invalid('The file holds nothing but white space. Choose a CSV file with a header line and at least one row.')
  const delimiter = chosen.delimiter ?? detectDelimiter(text)
  const parsed = parseRows(text, delimiter)
  const [first] = parsed
  if (!first) throw new Invalid('No row of this file can be read. Is it a CSV file?')
  const header = chosen.header ?? detectHeader(parsed.slice(0, 20).map((row) => row.cells))
  if (first.cells.length > mostColumns) throw new Invalid(`The file has ${first.cells.length.toLocaleString('en')} columns; at most ${mostColumns.toLocaleString('en')} can be read. Leave out those that are not needed.`)
  const problems: string[] = []
  const names = header ? namesOf(first.cells, problems) : first.cells.map((_, index) => `column ${index + 1}`)
  const rows = header ? parsed.slice(1) : parsed
  if (rows.length === 0) problems.push('The file has a header line and no rows. It can be imported, and changes nothing.')
  if (names.length === 1) problems.push('The file has a single column. If that is not so, choose another delimiter.')
  return { encoding, delimiter, header, names, rows: rows.slice(0, sampleRows), problems }
}

function decode(head: Buffer, encoding: string): string {
  return new TextDecoder(encoding).decode(head, { stream: true })
}

function parseRows(text: string, delimiter: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = []
  let last = 0
  parse(text, {
    delimiter, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'], to: sampleRows + 2, skip_records_with_error: true, max_record_size: 4_000_000,
    on_record(cells: string[], context) {
      rows.push({ line: last + 1, cells })
      last = context.lines
      return null
    }
  })
  // The last row of a cut sample may be half a row.
  if (rows.length > 2 && text.length > 500_000 && rows.length <= sampleRows + 1) rows.pop()
  return rows
}

/** Names of columns as those of a file: trimmed, filled and each once. */
export function namesOf(cells: readonly string[], problems: string[] = []): string[] {
  const seen = new Map<string, number>()
  const repeated = new Set<string>()
  let nameless = 0
  const names = cells.map((cell, index) => {
    let name = trimBlanks(cell).replaceAll('\0', '').slice(0, longestName)
    if (name === '') { nameless++; name = `column ${index + 1}` }
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    if (times === 1) return name
    repeated.add(name)
    return `${name} (${times})`
  })
  if (repeated.size) problems.push(`Several columns have the same name: ${[...repeated].slice(0, 5).map((name) => `“${name}”`).join(', ')}. The later ones are numbered.`)
  if (nameless) problems.push(nameless === 1 ? 'One column has no name; it is named by its place.' : `${nameless} columns have no name; they are named by their place.`)
  return names
}
