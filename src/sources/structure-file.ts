import type { Attribute } from '../catalog/catalog.ts'
import type { ColumnKind, ColumnSpec, Encryption, ValueType } from '../catalog/column.ts'
import { formatFor, nameFromHeader, readGroup } from './column-input.ts'
import type { Structure } from './structure.ts'

/** A structure file as written: only what its author said. */
export interface StructureFile { alias: string | null; key: { column: string; idType: string | null }; updateTime: string | null; columns: FileColumn[] }

export interface FileColumn {
  column: string; kind: ColumnKind; type?: ValueType; idType?: string; encryption?: Encryption; attribute?: string; delimiter?: string; name?: string; group?: string[]; description?: string
  format?: string; timeZone?: string; emptyValues?: string[]
}

/** A structure file that cannot be taken: everything that is wrong with it, in words. */
export class StructureFileProblems extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The structure file has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

const kinds = ['id', 'attribute', 'tag', 'ignore']
const properties = ['column', 'kind', 'type', 'idType', 'encryption', 'attribute', 'delimiter', 'name', 'group', 'description', 'format', 'timeZone', 'emptyValues']

/** Reads the text of a structure file. Throws StructureFileProblems. */
export function parseStructureFile(text: string): StructureFile {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new StructureFileProblems([`It is not JSON: ${(error as Error).message}.`])
  }
  const problems: string[] = []
  if (!isObject(json)) throw new StructureFileProblems(['It must be one object: {"alias": "…", "key": {"column": "…"}, "columns": […]}.'])
  unknownProperties(json, ['alias', 'key', 'updateTime', 'columns'], '', problems)
  const key = isObject(json['key']) ? json['key'] : {}
  if (!isObject(json['key'])) problems.push('"key" must be an object that names the source key: {"column": "…"}.')
  else unknownProperties(key, ['column', 'idType'], 'key: ', problems)
  const file: StructureFile = {
    alias: text_(json, 'alias', '', problems) ?? null, key: { column: text_(key, 'column', 'key: ', problems) ?? '', idType: text_(key, 'idType', 'key: ', problems) ?? null },
    updateTime: text_(json, 'updateTime', '', problems) ?? null, columns: []
  }
  if (isObject(json['key']) && file.key.column === '') problems.push('key: "column" must name the column that holds the source key.')
  if (json['columns'] !== undefined && !Array.isArray(json['columns'])) problems.push('"columns" must be a list of columns.')
  for (const [index, column] of (Array.isArray(json['columns']) ? json['columns'] : []).entries()) {
    const read = readColumn(column, index, problems)
    if (read && file.columns.some((other) => other.column === read.column)) problems.push(`columns[${index}]: “${read.column}” is described twice.`)
    else if (read) file.columns.push(read)
  }
  if (problems.length) throw new StructureFileProblems(problems)
  return file
}

function readColumn(json: unknown, index: number, problems: string[]): FileColumn | undefined {
  const where = `columns[${index}]`
  if (!isObject(json)) { problems.push(`${where} must be an object: {"column": "…", "kind": "tag"}.`); return undefined }
  const before = problems.length
  const column = text_(json, 'column', `${where}: `, problems)
  const at = column ? `${where} (${column}): ` : `${where}: `
  if (!column) problems.push(`${at}"column" must name a column of the file.`)
  unknownProperties(json, properties, at, problems)
  const kind = oneOf(json, 'kind', kinds, at, problems)
  if (json['kind'] === undefined) problems.push(`${at}"kind" is missing: id, attribute, tag or ignore.`)
  const read = {
    column, kind, type: oneOf(json, 'type', ['text', 'number', 'time', 'multi'], at, problems), encryption: oneOf(json, 'encryption', ['unencrypted', 'md5', 'sha256', 'aes'], at, problems),
    idType: text_(json, 'idType', at, problems), attribute: text_(json, 'attribute', at, problems), delimiter: text_(json, 'delimiter', at, problems), name: text_(json, 'name', at, problems),
    description: text_(json, 'description', at, problems), format: text_(json, 'format', at, problems), timeZone: text_(json, 'timeZone', at, problems),
    group: typeof json['group'] === 'string' ? readGroup(json['group']) : texts(json, 'group', at, problems), emptyValues: texts(json, 'emptyValues', at, problems)
  }
  if (kind === 'id' && !read.idType) problems.push(`${at}"idType" is missing, such as "EMAIL".`)
  if (kind === 'attribute' && !read.attribute) problems.push(`${at}"attribute" is missing, such as "city".`)
  if (problems.length > before) return undefined
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as unknown as FileColumn
}

type Json = Record<string, unknown>

function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function unknownProperties(json: Json, known: string[], where: string, problems: string[]): void {
  for (const name of Object.keys(json)) if (!known.includes(name)) problems.push(`${where}“${name}” is not known here. Known are: ${known.join(', ')}.`)
}

function text_(json: Json, name: string, where: string, problems: string[]): string | undefined {
  const value = json[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' && !value.includes('\0')) return value
  problems.push(`${where}"${name}" must be a text.`)
  return undefined
}

function texts(json: Json, name: string, where: string, problems: string[]): string[] | undefined {
  const value = json[name]
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' && !one.includes('\0'))) return value as string[]
  problems.push(`${where}"${name}" must be a list of texts.`)
  return undefined
}

function oneOf(json: Json, name: string, values: string[], where: string, problems: string[]): never | undefined {
  const value = json[name]
  if (value === undefined || value === null) return undefined
  const known = values.find((one) => typeof value === 'string' && one === value.toLowerCase())
  if (known === undefined) problems.push(`${where}"${name}" must be one of ${values.join(', ')}, not ${JSON.stringify(value)}.`)
  return known as never
}

/** The structure of a file of these columns: what the structure file says, else what is proposed. Throws StructureFileProblems. */
export function completeStructure(file: StructureFile, alias: string, proposed: readonly ColumnSpec[], attributes: readonly Pick<Attribute, 'code' | 'type'>[]): Structure {
  const names = new Set(proposed.map((column) => column.name))
  const list = [...names].slice(0, 30).join(', ') + (names.size > 30 ? ', …' : '')
  const problems = [file.key.column, file.updateTime, ...file.columns.map((column) => column.column)]
    .flatMap((name) => (name !== null && !names.has(name) ? [`It names the column “${name}”, which the file does not have. The file has: ${list}.`] : []))
  if (file.alias !== null && file.alias.trim().toLowerCase() !== alias.toLowerCase()) problems.push(`It is for the source “${file.alias}”, not for “${alias}”. Write the same name in both.`)
  const columns = proposed.map((column) => {
    const said = file.columns.find((one) => one.column === column.name)
    const spec = said ? fromFile(said, column, attributes) : column
    return column.name === file.key.column ? asKey(spec, said !== undefined, file.key.idType, problems) : spec
  })
  if (problems.length) throw new StructureFileProblems([...new Set(problems)])
  const withTime = columns.map((column) => (column.name === file.updateTime && column.kind === 'ignore' ? { ...column, type: 'time' as const } : column))
  const key = columns.find((column) => column.name === file.key.column)
  return { alias, keyColumn: file.key.column, keyIdType: key?.kind === 'id' ? (key.idType ?? null) : null, updateTimeColumn: file.updateTime, columns: withTime }
}

/** A key with an ID type is an ID, whether or not the columns say so again. */
function asKey(spec: ColumnSpec, said: boolean, idType: string | null, problems: string[]): ColumnSpec {
  if (idType === null || (spec.kind === 'id' && spec.idType === idType)) return spec
  if (said) problems.push(`key: the ID type is ${idType}, but “${spec.name}” is described as ${spec.kind === 'id' ? `an ID of type ${spec.idType}` : spec.kind} among the columns.`)
  return { name: spec.name, kind: 'id', type: 'text', idType, encryption: 'unencrypted' }
}

function fromFile(said: FileColumn, proposed: ColumnSpec, attributes: readonly Pick<Attribute, 'code' | 'type'>[]): ColumnSpec {
  const type = said.kind === 'id' ? 'text' : said.kind === 'attribute' ? (attributes.find((one) => one.code === said.attribute)?.type ?? 'text') : (said.type ?? proposed.type)
  const spec: ColumnSpec = {
    name: said.column, kind: said.kind, type, format: said.format ? said.format.replace(/^[ymd]{3}$/i, (order) => order.toUpperCase()) : formatFor(type, proposed.format ?? '') || null,
    timeZone: said.timeZone ?? null, emptyValues: said.emptyValues ?? []
  }
  if (said.kind === 'id') return { ...spec, idType: said.idType ?? null, encryption: said.encryption ?? 'unencrypted' }
  if (said.kind === 'attribute') return { ...spec, attribute: said.attribute ?? null }
  if (said.kind === 'ignore') return spec
  return {
    ...spec, delimiter: type === 'multi' ? (said.delimiter ?? proposed.delimiter ?? null) : null, tagName: said.name ?? proposed.tagName ?? nameFromHeader(said.column),
    group: said.group ?? [], description: said.description ?? null
  }
}
