import { sql } from 'kysely'
import { maskedWhole } from '../../access/mask.ts'
import type { FieldType } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'

/** What is left of a masked value, made in the database so that the value itself never leaves it: that there is one, and of a text its ends (maskText says which). */
export function masked(type: FieldType, value: Sql): Sql {
  const whole = sql.lit(maskedWhole)
  if (type !== 'text' && type !== 'choice' && type !== 'id') return sql`case when ${value} is not null then ${whole} end`
  // strpos and length come first because they cost little: of a million values few have an "@" or the length of a number.
  return sql`case when ${value} is null then null
    when strpos(${value}, '@') > 1 and ${value} ~ '^[^@ \\t\\n\\r\\f\\v]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$' then left(${value}, case when strpos(${value}, '@') > 2 then 1 else 0 end) || ${whole} || substr(${value}, strpos(${value}, '@'))
    when length(${value}) < 9 then left(${value}, case when length(${value}) > 1 then 1 else 0 end) || ${whole}
    when length(${value}) <= 16 and ${value} ~ '^[+]?[0-9]{11,15}$' then left(${value}, 3) || '****' || right(${value}, 4)
    else left(${value}, 3) || '****' || right(${value}, 2) end`
}
