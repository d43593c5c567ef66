import type { AssignmentRule, AttributeType } from '../db/database.ts'
import type { ColumnKind, Encryption, ValueType } from './column.ts'

export interface IdType { id: number; code: string; name: string; priority: number; single: boolean; enabled: boolean; mapping: boolean; preset: boolean }

export interface Attribute {
  id: number; code: string; name: string; type: AttributeType; choices: string[] | null; preset: boolean
  rule: AssignmentRule; sourceOrder: number[]; description: string | null; filterIndex: boolean
  /** Its column in the users table of the projection. */
  column: string
}

export interface TagGroup { id: number; parentId: number | null; name: string; path: string[] }

export interface CatalogColumn {
  id: number; sourceId: number; name: string; position: number; kind: ColumnKind; type: ValueType
  delimiter: string | null; idType: string | null; encryption: Encryption | null; attribute: string | null
  tagName: string | null; tagGroupId: number | null; description: string | null
  format: string | null; timeZone: string | null; emptyValues: string[]; filterIndex: boolean
  /** Its column in the rows table and, for tags, in the values table: c<id>. */
  column: string
}

export interface CatalogSource {
  id: number; alias: string; keyColumn: string; keyIdType: string | null; updateTimeColumn: string | null
  structurePending: boolean; removing: boolean
  /** Physical tables of the published version; null before the first run. */
  rowsTable: string | null; identitiesTable: string | null; valuesTable: string | null
  rowCount: number; userCount: number
  /** Every column of the file in order, ignored ones included. */
  columns: CatalogColumn[]
}

/** An audience as conditions name it. Its members stand in a table of their own until the next build. */
export interface CatalogAudience {
  id: number; name: string; ownerId: number; shared: boolean; groupId: number | null
  /** Null before the first build. */
  membersTable: string | null
  /** Those of the build before it, as they are now. */
  beforeTable: string | null
  size: number; builtAt: Date | null
}

/** The structure of everything, as published: what exists, before any question of who may see it. */
export interface Catalog {
  version: string; usersTable: string; userCount: number
  sources: CatalogSource[]; attributes: Attribute[]; idTypes: IdType[]; tagGroups: TagGroup[]; audiences: CatalogAudience[]
}

/** SQL type of a column in the rows and values tables. */
export function sqlType(type: ValueType): string {
  const types: Record<ValueType, string> = { text: 'text collate "C"', choice: 'text collate "C"', number: 'numeric', time: 'timestamptz', date: 'date', multi: 'text[]' }
  return types[type]
}

/** SQL: an expression as a cell of that type, so that `create table as` makes the column `sqlType` declares. It writes a table in half the time of an insert. */
export function castSql(type: ValueType, expression: string): string {
  return `(${expression})::${sqlType(type)}`
}
