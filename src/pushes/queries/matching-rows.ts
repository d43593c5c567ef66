import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Sql } from '../../db/sql.ts'
import type { Reading } from '../../users/queries/list.ts'
import { Scope } from '../../users/queries/scope.ts'
import type { IdColumns } from '../document.ts'
import type { Push } from '../push.ts'
import { idValues } from './id-values.ts'
import { membersOf } from './members.ts'

/** SQL (type, kind, user_id, value in hex): every value of the members, type after type, those of a user together. A value in hex needs no quotation marks. */
export function matchingRows(access: Access, reading: Reading, push: Pick<Push, 'person' | 'audience'>, ids: readonly IdColumns[]): Sql {
  const scope = new Scope(access, reading.timeZone)
  const parts = ids.map((columns, at) => sql`(select ${sql.lit(at)}::int, v.kind, v.user_id, encode(convert_to(v.value, 'UTF8'), 'hex') from (${idValues(scope, [columns])}) v order by v.user_id)`)
  return sql`with chosen as materialized (${membersOf(access, reading, push)}) ${sql.join(parts, sql` union all `)}`
}
