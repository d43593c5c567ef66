import { sql } from 'kysely'
import type { Sql } from '../../db/sql.ts'

/** The user that holds a row number now. The function is asked for removed rows only: it walks, and most numbers are their own. */
export function holderOf(number: Sql): Sql {
  return sql`(case when exists (select from removed_rows gone where gone.row_number = ${number}) then user_of(${number}) else coalesce((select a.user_id from row_aliases a where a.row_number = ${number}), ${number}) end)`
}
