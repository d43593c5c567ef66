/** What a backup is made of: manifest.json in its ZIP, beside tables/NAME.copy (COPY text) and secrets/NAME. */
export interface Manifest {
  format: typeof formatName
  formatVersion: number
  consoleVersion: string
  serverVersion: string
  madeAt: string
  installation: string
  /** Those that had run, in their order; the last is the version of the schema. */
  migrations: string[]
  tables: BackedUpTable[]
  /** In the order in which they were made: one may show another. */
  views: ViewDefinition[]
  sequences: SequenceState[]
  secrets: { name: string; sha256: string }[]
  /** Whoever made it did not want them in it. */
  secretsLeftOut: boolean
  /** Secrets that stood in the environment, and so in no file that could be taken along. */
  fromEnvironment: string[]
}

export interface BackedUpTable extends TableDefinition { rows: number; bytes: number; sha256: string; rowsLeftOut: boolean }

/** A table as the catalog of PostgreSQL describes it, in pieces of SQL. */
export interface TableDefinition {
  name: string
  unlogged: boolean
  options: string[]
  columns: ColumnDefinition[]
  constraints: { name: string; kind: string; definition: string }[]
  indexes: string[]
}

export interface ViewDefinition { name: string; options: string[]; definition: string }

export interface ColumnDefinition {
  name: string
  type: string
  collation: string | null
  default: string | null
  generated: '' | 's' | 'v'
  identity: '' | 'a' | 'd'
  sequence: SequenceState | null
  /** Null where it is that of the type. */
  storage: string | null
  compression: string | null
  statistics: number | null
}

/** A sequence; numbers are texts, since they may be greater than JavaScript counts. */
export interface SequenceState { name: string; type: string; start: string; increment: string; least: string; most: string; cache: string; cycle: boolean; last: string; called: boolean }

export const formatName = 'user-360-backup'
export const formatVersion = 1
export const manifestName = 'manifest.json'

export const tableEntry = (table: string) => `tables/${encodeURIComponent(table)}.copy`
export const secretEntry = (secret: string) => `secrets/${secret}`

/** Columns that COPY moves: all but those that are worked out of others. */
export const storedColumns = (table: TableDefinition) => table.columns.filter((column) => !column.generated).map((column) => column.name)

/** Those that give the columns their numbers. */
export const sequencesOf = (table: TableDefinition) => table.columns.flatMap((column) => column.sequence ?? [])

export const schemaVersion = (migrations: readonly string[]) => migrations.at(-1) ?? 'none'

/** Tables whose rows a backup leaves out: everybody signs in again, and uploaded files are not in it either. */
export const withoutRows: ReadonlySet<string> = new Set(['sessions', 'uploads', 'retired_tables'])

/** How COPY writes and reads values the same way on every server. */
export const copySettings = "set local client_encoding = 'UTF8'; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'; set local timezone = 'UTC'; set local extra_float_digits = 1; set local bytea_output = 'hex'; set local xmloption = 'content'"
