import type { Attribute, IdType } from '../catalog/catalog.ts'
import type { ColumnSpec } from '../catalog/column.ts'
import { isKnownTimeZone } from '../form.ts'

/** How a file becomes a source: what the columns page posts and what a structure file says. */
export interface Structure {
  alias: string
  keyColumn: string
  keyIdType: string | null
  updateTimeColumn: string | null
  /** Every column of the file, in its order. */
  columns: ColumnSpec[]
}

/** A structure as it is proposed: the key may still have to be chosen. */
export interface Proposal { alias: string; keyColumn: string | null; updateTimeColumn: string | null; columns: ColumnSpec[] }

export const maxImported = 400
export const maxGroupLevels = 3

/** What a structure is judged against. */
export interface StructureContext {
  idTypes: readonly Pick<IdType, 'code' | 'name' | 'enabled'>[]
  attributes: readonly Pick<Attribute, 'code' | 'name' | 'type'>[]
  hasAesKey: boolean
  /** Columns whose dates the sample leaves open: an order must be chosen. */
  ambiguous: ReadonlySet<string>
}

export type StructureField = 'alias' | 'key' | 'updateTime' | 'kind' | 'as' | 'encryption' | 'tagName' | 'delimiter' | 'group' | 'description' | 'format' | 'timeZone' | 'emptyValues'

/** Something to put right; without a column it is about the table as a whole. */
export interface StructureProblem { column?: string; field: StructureField; message: string }

export const timeFormats = ['YMD', 'DMY', 'MDY', 'epoch', 'epoch_ms'] as const
export const numberFormats = ['.', ','] as const

/** Everything that is wrong with a structure, in words; empty where it can be used. */
export function checkStructure(structure: Structure, context: StructureContext): StructureProblem[] {
  const names = new Set(structure.columns.map((column) => column.name))
  const problems: StructureProblem[] = []
  const alias = problemOfAlias(structure.alias)
  if (alias) problems.push({ field: 'alias', message: alias })
  if (structure.keyColumn === '') problems.push({ field: 'key', message: 'Choose the column that names a row.' })
  else if (!names.has(structure.keyColumn)) problems.push({ field: 'key', message: `The file has no column “${structure.keyColumn}”.` })
  problems.push(...problemsOfUpdateTime(structure))
  problems.push(...problemsOfColumns(structure, context))
  return problems
}

/** The rules of the columns alone, as the structure page edits them. */
export function problemsOfColumns(structure: Pick<Structure, 'columns'>, context: StructureContext): StructureProblem[] {
  const imported = structure.columns.filter((column) => column.kind !== 'ignore')
  const problems = imported.flatMap((column) => problemsOfColumn(column, context))
  problems.push(...repeated(imported, (column) => (column.kind === 'id' && column.idType ? `${column.idType} ${column.encryption}` : undefined), 'as', (first) => `“${first}” has this ID type and encryption already. A source has at most one column of each.`))
  problems.push(...repeated(imported, (column) => (column.kind === 'attribute' && column.attribute ? column.attribute : undefined), 'as', (first) => `“${first}” feeds this attribute already. A source has at most one column for each.`))
  problems.push(...repeated(imported, (column) => (column.kind === 'tag' && column.tagName ? column.tagName.toLowerCase() : undefined), 'tagName', (first) => `“${first}” has this tag name already. Choose another.`))
  if (imported.length > maxImported) problems.push({ field: 'kind', message: `A source can have ${maxImported} imported columns; here are ${imported.length}. Set ${imported.length - maxImported} of them to Ignore.` })
  return problems
}

export function problemOfAlias(alias: string): string | undefined {
  if (alias.trim() === '') return 'Give the source a name; it stands beside every value that comes from it.'
  if (alias.length > 100) return 'The name can have at most 100 characters.'
  return undefined
}

function problemsOfUpdateTime({ updateTimeColumn, columns }: Structure): StructureProblem[] {
  if (updateTimeColumn === null) return []
  const column = columns.find((one) => one.name === updateTimeColumn)
  if (!column) return [{ field: 'updateTime', message: `The file has no column “${updateTimeColumn}”.` }]
  if (!['time', 'date'].includes(column.type)) return [{ field: 'updateTime', message: `“${updateTimeColumn}” is not read as a time. Choose a column that is, or None.` }]
  return []
}

function problemsOfColumn(column: ColumnSpec, context: StructureContext): StructureProblem[] {
  const found: (string | undefined)[][] = []
  if (column.kind === 'id') found.push(['as', problemOfIdType(column, context)], ['encryption', problemOfEncryption(column, context)])
  if (column.kind === 'attribute') found.push(['as', problemOfAttribute(column, context)])
  if (column.kind === 'tag') found.push(['as', problemOfTagType(column)], ['tagName', problemOfTagName(column)], ['delimiter', problemOfDelimiter(column)], ['group', problemOfGroup(column.group ?? [])], ['description', (column.description ?? '').length > 500 ? 'A description can have at most 500 characters.' : undefined])
  found.push(['format', problemOfFormat(column, context.ambiguous.has(column.name))], ['timeZone', problemOfTimeZone(column)], ['emptyValues', problemOfEmptyValues(column.emptyValues ?? [])])
  return found.flatMap(([field, message]) => (message ? [{ column: column.name, field: field as StructureField, message }] : []))
}

function problemOfIdType(column: ColumnSpec, { idTypes }: StructureContext): string | undefined {
  if (!column.idType) return 'Choose the ID type.'
  const type = idTypes.find((one) => one.code === column.idType)
  if (!type) return `There is no ID type “${column.idType}”.`
  return type.enabled ? undefined : `The ID type ${type.name} is switched off. Switch it on in Settings, ID types, or choose another.`
}

function problemOfEncryption(column: ColumnSpec, { hasAesKey }: StructureContext): string | undefined {
  if (!['unencrypted', 'md5', 'sha256', 'aes'].includes(column.encryption ?? '')) return 'Choose how the values are encrypted: unencrypted, MD5, SHA256 or AES.'
  if (column.encryption === 'aes' && !hasAesKey) return 'No AES key is set for this installation, so AES values could not be compared. Whoever runs the console sets it as AES_KEY.'
  return undefined
}

function problemOfAttribute(column: ColumnSpec, { attributes }: StructureContext): string | undefined {
  if (!column.attribute) return 'Choose the attribute.'
  return attributes.some((one) => one.code === column.attribute) ? undefined : `There is no attribute “${column.attribute}”.`
}

function problemOfTagType(column: ColumnSpec): string | undefined {
  return ['text', 'number', 'time', 'multi'].includes(column.type) ? undefined : `A tag is text, number, time or multi-value, not “${column.type}”.`
}

function problemOfTagName(column: ColumnSpec): string | undefined {
  if (!column.tagName?.trim()) return 'Give the tag a name.'
  return column.tagName.length > 200 ? 'The name of a tag can have at most 200 characters.' : undefined
}

function problemOfDelimiter(column: ColumnSpec): string | undefined {
  if (column.type !== 'multi') return undefined
  if (!column.delimiter) return 'Type what separates the values in a cell, such as | or ;.'
  return column.delimiter.length > 10 ? 'The separator can have at most 10 characters.' : undefined
}

export function problemOfGroup(path: readonly string[]): string | undefined {
  if (path.length > maxGroupLevels) return `Tag groups have at most ${maxGroupLevels} levels.`
  if (path.some((name) => name.trim() === '')) return 'A tag group needs a name on each level, as in Interests > Outdoor.'
  return path.some((name) => name.length > 100) ? 'The name of a tag group can have at most 100 characters.' : undefined
}

function problemOfFormat(column: ColumnSpec, ambiguous: boolean): string | undefined {
  const format = column.format ?? null
  if (column.type === 'number') return format === null || (numberFormats as readonly string[]).includes(format) ? undefined : `The decimal sign is a point or a comma, not “${format}”.`
  if (column.type !== 'time' && column.type !== 'date') return undefined
  if (format === null) return ambiguous ? 'Choose the order of day and month: the sample cannot tell whether 03/04/2024 is in March or in April.' : undefined
  return (timeFormats as readonly string[]).includes(format) ? undefined : `A date is read as one of ${timeFormats.join(', ')}, not “${format}”.`
}

function problemOfTimeZone(column: ColumnSpec): string | undefined {
  if (!column.timeZone || isTimeZone(column.timeZone)) return undefined
  return `“${column.timeZone}” is not a time zone. Write a name such as Asia/Shanghai or UTC.`
}

function problemOfEmptyValues(values: readonly string[]): string | undefined {
  return values.length > 50 || values.some((value) => value.length > 200) ? 'There can be at most 50 such values, of at most 200 characters.' : undefined
}

/** A zone by its name. An offset such as +08:00 is none: it has no summer time, and databases read its sign the other way round. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && isKnownTimeZone(name)
}

function repeated(columns: ColumnSpec[], keyOf: (column: ColumnSpec) => string | undefined, field: StructureField, message: (first: string) => string): StructureProblem[] {
  const first = new Map<string, string>()
  return columns.flatMap((column) => {
    const key = keyOf(column)
    if (key === undefined) return []
    const before = first.get(key)
    if (before !== undefined) return [{ column: column.name, field, message: message(before) }]
    first.set(key, column.name)
    return []
  })
}
