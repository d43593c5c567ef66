import { sql } from 'kysely'
import type { Leaf } from '../../catalog/condition.ts'
import type { FieldType } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'

const indexed = 200

/**
 * Case is ignored by comparing folded values. Indexes hold the beginning of a text (a long one would not fit into their
 * entries), so whatever an index should serve is asked in the same words.
 */
export function folded(value: Sql): Sql {
  return sql`lower(left(${value}, ${sql.lit(indexed)}))`
}

/** A typed value in the collation of the columns, so that both sides fold alike and the index fits. */
function foldedText(text: string): Sql {
  return sql`lower(${text}::text collate "C")`
}

function likeText(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

function equals(value: Sql, text: string): Sql {
  const beginning = [...text].slice(0, indexed).join('')
  const begins = sql`${folded(value)} = ${foldedText(beginning)}`
  return beginning.length < indexed ? begins : sql`(${begins} and lower(${value}) = ${foldedText(text)})`
}

/**
 * The same for any of many texts, as one comparison with a list: PostgreSQL takes no more than 65,535 parameters, and looks a
 * list that it knows when it plans up in a hash table. Cells are in the collation "C", which folds ASCII letters alone.
 */
function equalsAny(value: Sql, texts: string[]): Sql {
  const fold = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
  const beginnings = texts.map((text) => fold([...text].slice(0, indexed).join('')))
  const begins = sql`${folded(value)} = any (${beginnings}::text[])`
  return texts.every((text) => [...text].length < indexed) ? begins : sql`(${begins} and lower(${value}) = any (${texts.map(fold)}::text[]))`
}

/** Beyond this many, values are compared as a list. */
const fewValues = 20

function starts(value: Sql, text: string): Sql {
  const beginning = [...text].slice(0, indexed).join('')
  const begins = sql`${folded(value)} like ${foldedText(`${likeText(beginning)}%`)}`
  return beginning.length < indexed ? begins : sql`(${begins} and ${contains(value, text, false)})`
}

export function contains(value: Sql, text: string, anywhere = true): Sql {
  return sql`lower(${value}) like ${foldedText(`${anywhere ? '%' : ''}${likeText(text)}%`)}`
}

/** The test of one leaf on a typed value: the only place that knows what an operator means. */
export function testValue(type: FieldType, value: Sql, { operator, values }: Pick<Leaf, 'operator' | 'values'>, timeZone: string): Sql {
  if (operator === 'empty') return type === 'multi' ? sql`coalesce(cardinality(${value}), 0) = 0` : sql`${value} is null`
  if (operator === 'filled') return type === 'multi' ? sql`cardinality(${value}) > 0` : sql`${value} is not null`
  // Looking each value of a cell up in the list costs less than comparing both value by value.
  if (operator === 'any') return values.length > fewValues ? sql`exists (select from unnest(${value}) one where one = any (${values}::text[]))` : sql`${value} && ${values}::text[]`
  if (operator === 'all') return sql`${value} @> ${values}::text[]`
  if (operator === 'range') return testRange(type, value, values, timeZone)
  if (operator === 'contains' && values.length > fewValues) return sql`lower(${value}) like any (array(select lower('%' || x || '%') from unnest(${values.map(likeText)}::text[] collate "C") x))`
  if (operator === 'contains') return anyOf(values.map((text) => contains(value, text)))
  if (operator === 'starts' && values.length > fewValues) return sql`lower(${value}) like any (array(select lower(x || '%') from unnest(${values.map(likeText)}::text[] collate "C") x))`
  if (operator === 'starts') return anyOf(values.map((text) => starts(value, text)))
  const filled = values.filter((text) => text !== '')
  const equal = filled.length > fewValues ? [type === 'number' ? sql`${value} = any (${filled}::numeric[])` : equalsAny(value, filled)] : type === 'number' ? filled.map((text) => sql`${value} = ${text}::numeric`) : filled.map((text) => equals(value, text))
  // An empty text among the values stands for users without one: "No level".
  const test = anyOf(filled.length < values.length ? [...equal, sql`${value} is null`] : equal)
  // "Is not" includes users without a value.
  return operator === 'not' ? sql`((${test}) is not true)` : test
}

function testRange(type: FieldType, value: Sql, [from = '', to = '']: string[], timeZone: string): Sql {
  const bounds = type === 'number'
    ? [from && sql`${value} >= ${from}::numeric`, to && sql`${value} <= ${to}::numeric`]
    : type === 'date'
      ? [from && sql`${value} >= ${from}::date`, to && sql`${value} <= ${to}::date`]
      : [from && sql`${value} >= (${from}::timestamp at time zone ${timeZone})`, to && endOf(value, to, timeZone)]
  return sql`(${sql.join(bounds.filter((bound) => bound !== ''), sql` and `)})`
}

/** The whole last day, or the whole last minute, is part of the range. */
function endOf(value: Sql, to: string, timeZone: string): Sql {
  const step = to.length === 10 ? '1 day' : to.length === 16 ? '1 minute' : '1 second'
  return sql`${value} < ((${to}::timestamp + ${step}::interval) at time zone ${timeZone})`
}

function anyOf(tests: Sql[]): Sql {
  if (tests.length === 0) return sql`false`
  return tests.length === 1 ? tests[0]! : sql`(${sql.join(tests, sql` or `)})`
}
