import { createHash } from 'node:crypto'
import { trimBlanks } from '../sources/blanks.ts'

/** A mobile number of mainland China, once its country prefix is off. */
const mobilePrefix = /^(?:\+|00)?86[ -]?(?=(?:[ -]?\d){11}$)/

/** The form in which values of an ID type are compared (design.md section 4). Case is kept but for e-mail. */
export function normalise(idType: string, text: string): string {
  const trimmed = trimBlanks(text)
  if (idType === 'EMAIL') return lowerCase(trimmed)
  if (idType !== 'MOBILE') return trimmed
  const digits = trimmed.replace(mobilePrefix, '').replaceAll(/[ -]/g, '')
  return /^\d{11}$/.test(digits) ? digits : trimmed
}

/** Letter by letter, as the database does it: these two are the only ones that JavaScript treats by their surroundings or makes two of. */
function lowerCase(text: string): string {
  return text.replaceAll('\u03a3', '\u03c3').replaceAll('\u0130', 'i').toLowerCase()
}

/** The same as an SQL expression over a text without white space around it; a test holds the two together. */
export function normaliseSql(idType: string, cell: string): string {
  // Cells are stored in the collation "C", which lower-cases ASCII only; this one knows all letters.
  if (idType === 'EMAIL') return `lower(${cell} collate pg_c_utf8)`
  if (idType !== 'MOBILE') return cell
  const plain = `regexp_replace(regexp_replace(${cell}, '^(\\+|00)?86[ -]?(?=([ -]?[0-9]){11}$)', ''), '[ -]', '', 'g')`
  return `case when ${cell} ~ '^[0-9]{11}$' then ${cell} when ${plain} ~ '^[0-9]{11}$' then ${plain} else ${cell} end`
}

/** The match key of a plain, normalised value: its md5 as a uuid. */
export function md5Key(normalised: string): string {
  return asUuid(createHash('md5').update(normalised).digest('hex'))
}

/** The match key of a SHA256 value whose plain value is not known: the first half of the hash. */
export function shaKey(normalised: string): string {
  return asUuid(createHash('sha256').update(normalised).digest('hex').slice(0, 32))
}

/** Every match key under which a value, typed plain or as a hash, can be stored. */
export function candidateKeys(idType: string, typed: string): string[] {
  const normalised = normalise(idType, typed)
  const keys = [md5Key(normalised), shaKey(normalised), md5Key(trimBlanks(typed))]
  if (/^[0-9a-f]{32}$/i.test(normalised)) keys.push(asUuid(normalised.toLowerCase()))
  if (/^[0-9a-f]{64}$/i.test(normalised)) keys.push(asUuid(normalised.slice(0, 32).toLowerCase()))
  return [...new Set(keys)]
}

export function asUuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
