import type { ColumnSpec, Encryption, ValueType } from '../catalog/column.ts'
import { trimBlanks } from './blanks.ts'
import { dateOrderOf, decimalSignOf, nearlyAll } from './column-format.ts'
import { looksLikeCode } from './looks-like-code.ts'

export interface Sample { names: readonly string[]; rows: readonly { cells: readonly string[] }[] }
export interface ProposalContext { idTypes: readonly { code: string; name: string; enabled?: boolean }[]; attributes: readonly { code: string; name: string; type: string }[] }

/** `ambiguous`: the sample does not tell the order of its dates; it must be chosen. */
export interface ProposedColumn extends ColumnSpec { ambiguous: boolean }

/** How each column of a file would be read if nobody said otherwise, from its name and a sample of its values. */
export function proposeColumns(sample: Sample, context: ProposalContext): ProposedColumn[] {
  const taken = new Set<string>()
  const rows = fewer(sample)
  return sample.names.map((name, index) => {
    const cells = rows.map((row) => trimBlanks(row.cells[index] ?? '')).filter((cell) => cell !== '')
    const found = proposeId(name, cells, context) ?? proposeAttribute(name, cells, context) ?? proposeTag(name, cells)
    const use = found.kind === 'id' ? `id ${found.idType} ${found.encryption}` : found.kind === 'attribute' ? `attribute ${found.attribute}` : ''
    // A source has one column for each: the first is taken, the others are tags.
    if (use && taken.has(use)) return proposeTag(name, cells)
    taken.add(use)
    return found
  })
}

/** Rows enough to tell, evenly taken: of hundreds of columns nobody waits for a thousand each. */
function fewer({ names, rows }: Sample): Sample['rows'] {
  const step = Math.ceil(rows.length / Math.max(100, 50_000 / names.length))
  return step <= 1 ? rows : rows.filter((_, index) => index % step === 0)
}

const plainName = (name: string) => name.toLowerCase().replaceAll(/[\s_-]+/g, '')

const idNames: [code: string, names: RegExp][] = [
  ['MOBILE', /^(mobile|mobilephone|mobileno|mobilenumber|phone|phoneno|phonenumber|cellphone|tel|telephone|手机|手机号|手机号码|电话)(md5|sha256|aes)?$/],
  ['EMAIL', /^(email|mail|emailaddress|邮箱|电子邮箱|电子邮件)(md5|sha256|aes)?$/],
  ['UNION_ID', /^(unionid|wechatunionid)(md5|sha256|aes)?$/], ['OPEN_ID', /^(openid|wechatopenid)(md5|sha256|aes)?$/], ['ONEID', /^oneid$/]
]

function proposeId(name: string, cells: string[], context: ProposalContext): ProposedColumn | undefined {
  const usable = (code: string) => context.idTypes.some((type) => type.code === code && type.enabled !== false)
  const encryption = encryptionOf(name, cells)
  const plain = plainName(name)
  const named = context.idTypes.find((type) => type.enabled !== false && [type.code, type.name].some((text) => plainName(text) === plain.replace(/(md5|sha256|aes)$/, '')))?.code ?? idNames.find(([, names]) => names.test(plain))?.[0]
  const id = (code: string): ProposedColumn => ({ name, kind: 'id', type: 'text', idType: code, encryption, ambiguous: false })
  if (named && usable(named)) return id(named)
  if (cells.length === 0 || encryption !== 'unencrypted') return undefined
  if (usable('MOBILE') && most(cells, /^(\+?86)?1[3-9]\d{9}$/)) return id('MOBILE')
  if (usable('EMAIL') && most(cells, /^[^\s@]+@[^\s@]+\.[^\s@]+$/)) return id('EMAIL')
  return undefined
}

function encryptionOf(name: string, cells: string[]): Encryption {
  if (most(cells, /^[0-9a-f]{64}$/i)) return 'sha256'
  if (most(cells, /^[0-9a-f]{32}$/i)) return /aes/i.test(name) ? 'aes' : 'md5'
  return /[_\W]aes$/i.test(name) ? 'aes' : 'unencrypted'
}

function most(cells: string[], shape: RegExp): boolean {
  return cells.length > 0 && cells.filter((cell) => shape.test(cell)).length >= cells.length * 0.9
}

function proposeAttribute(name: string, cells: string[], context: ProposalContext): ProposedColumn | undefined {
  const attribute = context.attributes.find((one) => [one.code, one.name].some((text) => plainName(text) === plainName(name)))
  if (!attribute) return undefined
  const type = attribute.type as ValueType
  const dated = type === 'time' || type === 'date' ? dateFormat(cells) : undefined
  const format = type === 'number' ? numberFormat(cells) ?? null : dated?.format ?? null
  return { name, kind: 'attribute', type, attribute: attribute.code, format, ambiguous: dated?.ambiguous ?? false }
}

function proposeTag(name: string, cells: string[]): ProposedColumn {
  const tag = (type: ValueType, more: Partial<ProposedColumn> = {}): ProposedColumn => ({ name, kind: 'tag', type, tagName: name, ambiguous: false, ...more })
  if (cells.length === 0) return tag('text')
  const dated = dateFormat(cells)
  if (dated && !(cells.every((cell) => /^\d+$/.test(cell)) && looksLikeCode(name, cells))) return tag('time', dated)
  const decimal = numberFormat(cells)
  if (decimal && !looksLikeCode(name, cells)) return tag('number', { format: decimal })
  const delimiter = multiDelimiter(cells)
  return delimiter ? tag('multi', { delimiter }) : tag('text')
}

/** The decimal sign with which nearly every cell is a number. */
function numberFormat(cells: string[]): '.' | ',' | undefined {
  // Most columns of text are found out by their first cells.
  if (!nearlyAll(cells, cells.filter((cell) => !/\d/.test(cell)).length)) return undefined
  const { format, unread } = decimalSignOf({ type: 'number' }, cells)
  return nearlyAll(cells, unread) ? format : undefined
}

/** The order of dates with which nearly every cell is one. Where the sample does not tell it, it is left open. */
function dateFormat(cells: string[]): { format: string | null; ambiguous: boolean } | undefined {
  if (!nearlyAll(cells, cells.filter((cell) => !/^\d{1,4}[-/.年]\d{1,2}[-/.月]\d|^(19|20)\d{6}$/.test(cell)).length)) return undefined
  const { format, unread } = dateOrderOf({ type: 'time' }, cells)
  return nearlyAll(cells, unread) ? { format, ambiguous: format === null } : undefined
}

/** A sign that separates short values in a fair part of the cells, the same values coming again. */
function multiDelimiter(cells: string[]): string | undefined {
  return ['|', ';', '、', ','].find((delimiter) => {
    const several = cells.filter((cell) => cell.includes(delimiter))
    if (several.length < Math.max(2, cells.length * 0.1)) return undefined
    const values = several.flatMap((cell) => cell.split(delimiter).map((value) => value.trim()))
    return values.every((value) => value.length <= 40) && new Set(values).size <= Math.max(3, values.length * 0.6)
  })
}

/** A column that names the rows: filled and different everywhere, one whose name says so first. */
export function proposeKey(sample: Sample): string | undefined {
  const unique = sample.names.filter((_, index) => {
    const cells = sample.rows.map((row) => trimBlanks(row.cells[index] ?? ''))
    return cells.length > 1 && cells.every((cell) => cell !== '') && new Set(cells).size === cells.length
  })
  return unique.find((name) => /(^|[^a-z])(id|no|nr|key|code|number)$|id$|编号|号$/i.test(name))
}

/** A column that holds when a row last changed, by its name. */
export function proposeUpdateTime(columns: readonly ProposedColumn[]): string | undefined {
  return columns.find((column) => (column.type === 'time' || column.type === 'date') && /^(updatedat|updatetime|updatedon|lastupdate|lastupdated|lastupdatetime|modifiedat|modified|lastmodified|mtime|更新时间|修改时间)$/.test(plainName(column.name)))?.name
}
