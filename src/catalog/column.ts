export type ColumnKind = 'id' | 'attribute' | 'tag' | 'ignore'
/** Tags use text, number, time and multi; attributes may also be a date or a choice. */
export type ValueType = 'text' | 'number' | 'time' | 'multi' | 'date' | 'choice'
export type Encryption = 'unencrypted' | 'md5' | 'sha256' | 'aes'

/** How one column of a file is read: the entry of a structure file, and what the structure page edits. */
export interface ColumnSpec {
  name: string
  kind: ColumnKind
  type: ValueType
  delimiter?: string | null
  idType?: string | null
  encryption?: Encryption | null
  attribute?: string | null
  tagName?: string | null
  group?: string[] | null
  description?: string | null
  /** Order of a date (YMD, DMY, MDY, epoch, epoch_ms) or the decimal sign of a number. */
  format?: string | null
  timeZone?: string | null
  emptyValues?: string[] | null
}
