import { sql } from 'kysely'
import type { Field } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'
import { masked } from '../../users/queries/mask.ts'
import { initialSource, type Scope } from '../../users/queries/scope.ts'

/** A cell as it is read, and whether it is text that a spreadsheet could run. */
export interface CellSql { value: Sql; text: boolean }

/** What a spreadsheet takes for the beginning of a formula: tab, CR, + - = @, and the wide forms of these that East Asian ones take too. */
const begins = sql.raw(`'{9,13,43,45,61,64,65291,65293,65309,65312}'::int[]`)

/** A number, or a phone number that begins with +: these are what they look like. */
const harmless = sql.lit(String.raw`^([-+]?([0-9]+([.,][0-9]+)*|[.][0-9]+)([eE][-+]?[0-9]+)?%?|[+][0-9][-0-9 ().]*)$`)

/** Text that no spreadsheet runs: an apostrophe before what it would take for a formula. The text is named several times, so it should be a column. */
export function guarded(text: Sql): Sql {
  return sql`case when ascii(${text}) = any (${begins}) and ${text} !~ ${harmless} then '''' || ${text} else ${text} end`
}

/** The same guard for the head of the file. */
export function guardedName(text: string): string {
  return /^[\t\r+\-=@＋－＝＠]/.test(text) ? `'${text}` : text
}

/** 2026-11-23T09:41:07+08:00, in the time zone of the session. */
export function timeText(time: Sql): Sql {
  return sql`to_char(${time}, 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM')`
}

/** The value of a tag or attribute as it stands in the file: numbers and days as they are kept. */
export function fieldCell(scope: Scope, field: Field): CellSql {
  const value = scope.value(field)
  if (field.masked) return { value: masked(field.type, value), text: true }
  if (field.type === 'time') return { value: timeText(value), text: false }
  if (field.type === 'number' || field.type === 'date') return { value, text: false }
  return { value: field.type === 'multi' ? sql`array_to_string(${value}, ${sql.lit(field.tag?.column.delimiter ?? ',')})` : value, text: true }
}

/** The alias of the source that a user first came in by. */
export function sourceCell(scope: Scope): CellSql {
  const aliases = scope.access.sources.map((source) => sql`when ${source.id} then ${source.alias}::text`)
  return { value: aliases.length ? sql`(case ${initialSource(scope)} ${sql.join(aliases, sql` `)} else 'another source' end)` : sql`'another source'::text`, text: true }
}
