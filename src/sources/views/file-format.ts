import type { Choice } from '../labels.ts'
import type { FileFormat } from '../queries.ts'

export interface FormatField { name: string; label: string; value: string; options: Choice[] }
export interface FormatFields { encoding: FormatField; delimiter: FormatField; header: boolean }

const encodings: readonly Choice[] = [{ value: 'utf-8', label: 'UTF-8' }, { value: 'utf-16le', label: 'UTF-16' }, { value: 'utf-16be', label: 'UTF-16, big-endian' }, { value: 'gb18030', label: 'GB18030' }]
const delimiters: readonly Choice[] = [{ value: ',', label: 'Comma' }, { value: ';', label: 'Semicolon' }, { value: 'tab', label: 'Tab' }, { value: '|', label: 'Vertical bar' }]

export function formatFields(format: FileFormat): FormatFields {
  return {
    encoding: { name: 'encoding', label: 'Encoding', value: format.encoding, options: [...encodings] },
    delimiter: { name: 'delimiter', label: 'Delimiter', value: format.delimiter === '\t' ? 'tab' : format.delimiter, options: [...delimiters] },
    header: format.header
  }
}
