import { delimiterChoices, encodingChoices, type Choice } from '../labels.ts'
import type { FileFormat } from '../queries.ts'

export interface FormatField { name: string; label: string; value: string; options: Choice[] }
export interface FormatFields { encoding: FormatField; delimiter: FormatField; header: boolean }

export function formatFields(format: FileFormat): FormatFields {
  return {
    encoding: { name: 'encoding', label: 'Encoding', value: format.encoding, options: [...encodingChoices] },
    delimiter: { name: 'delimiter', label: 'Delimiter', value: format.delimiter === '\t' ? 'tab' : format.delimiter, options: [...delimiterChoices] },
    header: format.header
  }
}
