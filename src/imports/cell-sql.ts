import { blanks, trimmedSql } from '../sources/blanks.ts'
import { genderWords } from '../sources/gender.ts'
import type { ReadAs } from '../sources/read-cell.ts'
import { anyTraits, type ColumnTraits } from './column-traits.ts'

/**
 * SQL that reads a cell, with exactly the meaning of readCell (a property test holds the two together). `cell` names a text
 * that cleanSql has been applied to: it is named several times, so it must cost nothing to name.
 * `value`: the typed value or null; it may raise where `bad` is true. `bad`: whether the cell cannot be read, null where
 * every text can; it never raises and is never null itself. Runs over millions of cells, so the plain case of each type is
 * a cheap cast and check.
 */
export interface CellSql { value: string; bad: string | null }

/** The text of a staged cell without white space around it; null where nothing is left or what is left stands for nothing. */
export function cleanSql(column: Pick<ReadAs, 'emptyValues'>, cell: string, traits: ColumnTraits = anyTraits): string {
  const text = traits.blankEdges ? trimmedSql(cell) : cell
  const empty = column.emptyValues ?? []
  return empty.length === 0 ? text : `case when (${text}) = any (array[${empty.map(literal).join(', ')}]) then null else ${text} end`
}

export function cellSql(column: ReadAs, cell: string, sessionTimeZone: string, traits: ColumnTraits = anyTraits): CellSql {
  if (column.kind === 'attribute' && column.attribute === 'gender') return { value: gender(cell), bad: null }
  switch (column.type) {
    case 'number': return number(cell, column.format === ',' ? ',' : '.', traits)
    case 'time': return time(cell, column, sessionTimeZone, traits)
    case 'date': return date(cell, column, traits)
    case 'multi': return { value: multi(cell, column.delimiter || '|', traits), bad: null }
    default: return { value: cell, bad: null }
  }
}

function gender(text: string): string {
  const words = (list: readonly string[]) => list.map(literal).join(', ')
  return `case when ${text} is null then null when lower(${text}) in (${words(genderWords.male)}) then 'male' when lower(${text}) in (${words(genderWords.female)}) then 'female' else 'unknown' end`
}

function number(text: string, decimal: '.' | ',', traits: ColumnTraits): CellSql {
  if (decimal === '.' && traits.plainNumbers) return { value: `${text}::numeric`, bad: `${text} is not null and not pg_input_is_valid(${text}, 'numeric')` }
  const group = decimal === '.' ? ',' : '.'
  const plain = decimal === '.' ? `translate(${text}, ', ', '')` : `replace(translate(${text}, '. ', ''), ',', '.')`
  const grouped = `(strpos(${text}, '${group}') > 0 or strpos(${text}, ' ') > 0) and ${text} !~ '^[-+]?[0-9]{1,3}([${group} ][0-9]{3})+(\\${decimal}[0-9]*)?$'`
  return { value: `${plain}::numeric`, bad: `${text} is not null and (not pg_input_is_valid(${plain}, 'numeric') or ${plain} ~ '[^-+0-9.eE]|[eE][-+]?[0-9]{3}' or ${grouped})` }
}

const clock = '([T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?( ?(Z|[-+][0-9]{2}(:?[0-9]{2})?))?)?'

/** The cell as an ISO date and time in text, and the shape it must have had. */
function isoText(text: string, format: string | null | undefined, traits: ColumnTraits): { iso: string; shape: string } {
  if (format === 'DMY' || format === 'MDY') {
    const order = format === 'DMY' ? '\\3-\\2-\\1' : '\\3-\\1-\\2'
    return { iso: `regexp_replace(${text}, '^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})', '${order}')`, shape: `${text} ~ '^[0-9]{1,2}([-/.])[0-9]{1,2}\\1[0-9]{4}${clock}$'` }
  }
  const iso = `case when strpos(${text}, '年') > 0 then regexp_replace(${text}, '^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日?', '\\1-\\2-\\3') when ${text} like '____._%' or ${text} like '____/_%' then regexp_replace(${text}, '^([0-9]{4})[./]([0-9]{1,2})[./]([0-9]{1,2})', '\\1-\\2-\\3') else ${text} end`
  const common = `(${text} like '____-__-__ __:__:__' or ${text} like '____-__-__' or ${text} like '____-__-__T__:__:__')${traits.plainTimes ? '' : ` and ${text} !~ '[^-0-9: T]'`}`
  return { iso: traits.plainTimes ? text : `(${iso})`, shape: `((${common}) or ${text} ~ '^([0-9]{4}([-/.])[0-9]{1,2}\\2[0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日?|[0-9]{8})${clock}$')` }
}

function time(text: string, column: ReadAs, sessionTimeZone: string, traits: ColumnTraits): CellSql {
  if (column.format === 'epoch' || column.format === 'epoch_ms') {
    const digits = column.format === 'epoch' ? 11 : 14
    return { value: `to_timestamp(${text}::numeric${column.format === 'epoch_ms' ? ' / 1000' : ''})`, bad: `${text} is not null and ${text} !~ '^[0-9]{1,${digits}}([.][0-9]{1,6})?$'` }
  }
  const { iso, shape } = isoText(text, column.format, traits)
  const zone = column.timeZone || sessionTimeZone
  const value = zone === sessionTimeZone ? `${iso}::timestamptz`
    : `case when ${text} ~ ':[0-9.]+ ?(Z|[-+][0-9]{2}(:?[0-9]{2})?)$' then ${iso}::timestamptz else ${iso}::timestamp at time zone ${literal(zone)} end`
  return { value, bad: `${text} is not null and (not ${shape} or not pg_input_is_valid(${iso}, 'timestamptz'))` }
}

function date(text: string, column: ReadAs, traits: ColumnTraits): CellSql {
  if (column.format === 'epoch' || column.format === 'epoch_ms') {
    const { value, bad } = time(text, column, 'UTC', traits)
    return { value: `(${value} at time zone 'UTC')::date`, bad }
  }
  const { iso, shape } = isoText(text, column.format, traits)
  return { value: `${iso}::date`, bad: `${text} is not null and (not ${shape} or not pg_input_is_valid(${iso}, 'timestamptz'))` }
}

/** Values trimmed, without empties and repetitions, in their order. Few and different values, the usual case, are only split. */
function multi(text: string, delimiter: string, traits: ColumnTraits): string {
  const split = `string_to_array(${text}, ${literal(delimiter)})`
  const thorough = `(select array_agg(v order by n) from (select v, min(n) as n from (select btrim(v, ${blanks}) as v, n from unnest(${split}) with ordinality u (v, n)) s where v <> '' group by v) d)`
  const several = traits.blanks ? thorough : `(select case when ${different('a')} then a else ${thorough} end from (select ${split} as a offset 0) q)`
  return `case when strpos(${text}, ${literal(delimiter)}) = 0 then array[${text}] when ${text} is not null then ${several} end`
}

/** SQL: an array of two to four values, all filled and different. */
function different(array: string): string {
  const pairs = (size: number) => Array.from({ length: size }, (_, one) => [`${array}[${one + 1}] <> ''`, ...Array.from({ length: one }, (_, other) => `${array}[${one + 1}] <> ${array}[${other + 1}]`)]).flat().join(' and ')
  return `case cardinality(${array}) ${[2, 3, 4].map((size) => `when ${size} then ${pairs(size)}`).join(' ')} else false end`
}

function literal(text: string): string {
  return text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`
}
