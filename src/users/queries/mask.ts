import { sql } from 'kysely'
import type { FieldType } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'

/** What is left of a masked value, made in the database so that the value itself never leaves it: that there is one, and of a text its ends. */
export function masked(type: FieldType, value: Sql): Sql {
  if (type !== 'text' && type !== 'choice' && type !== 'id') return sql`case when ${value} is not null then '•••' end`
  return sql`case when ${value} is null then null when length(${value}) >= 9 then left(${value}, 3) || '••••' || right(${value}, 2) else left(${value}, 1) || '•••' end`
}
