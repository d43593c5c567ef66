import { sql } from 'kysely'
import type { VisibleSource } from '../../access/access.ts'
import type { Sql } from '../../db/sql.ts'
import { masked } from '../../users/queries/mask.ts'
import { passesRow } from '../../users/queries/row-condition.ts'
import type { Scope } from '../../users/queries/scope.ts'
import type { IdPlace } from '../column.ts'

/**
 * The IDs of the users `u`: for each list of columns one cell with its distinct values. The row that gave a user its number
 * is joined by that number; the rows of joined users alone are brought together before, so that nothing is looked up for
 * each user. `chosen` is a relation (user_id) of the users that are wanted, null for all.
 */
export class IdCells {
  readonly #scope: Scope
  readonly #lists: IdPlace[][]
  readonly #sources: VisibleSource[]

  constructor(scope: Scope, lists: IdPlace[][]) {
    this.#scope = scope
    this.#lists = lists
    this.#sources = [...new Set(lists.flat().map(({ source }) => source))]
  }

  /** All distinct values of the n-th list, in the order of their bytes, with `;` between them. */
  cell(n: number): Sql {
    const own = this.#lists[n]!.map(({ source, column }) => sql.ref(`o${source.id}.${column.column}`))
    const [least, most] = [sql`least(${sql.join([...own, ref('x', 'lo', n)])})`, sql`greatest(${sql.join([...own, ref('x', 'hi', n)])})`]
    // Nearly everybody has one value, however many rows say it.
    return sql`case when ${least} = ${most} then ${least} else (
      select string_agg(d.value, ';' order by d.value collate "C")
      from (select distinct v.value from unnest(coalesce(${ref('x', 'every', n)}, '{}') || array[${sql.join(own)}]::text[]) v (value) where v.value is not null) d) end`
  }

  joins(chosen: Sql | null): Sql {
    if (this.#sources.length === 0) return sql``
    return sql`${sql.join(this.#sources.map((source) => this.#ownRow(source)), sql` `)} left join (${this.#joinedRows(chosen)}) x on x.user_id = u.user_id`
  }

  #ownRow(source: VisibleSource): Sql {
    const columns = this.#lists.flat().filter((place) => place.source === source)
    const cells = columns.map((place) => sql`${cellOf(place)} as ${sql.ref(place.column.column)}`)
    return sql`left join lateral (select ${sql.join(cells)} from ${sql.table(source.rowsTable!)} r where r.row_number = u.user_id and ${passesRow(this.#scope, source)}) ${sql.ref(`o${source.id}`)} on true`
  }

  /** For each user that has rows of other numbers: the least, the greatest and every value in them. */
  #joinedRows(chosen: Sql | null): Sql {
    const cells = this.#lists.map((_, n) => {
      const value = ref('j', 'v', n)
      return sql`min(${value}) as ${sql.ref(`lo${n}`)}, max(${value}) as ${sql.ref(`hi${n}`)}, array_agg(${value}) filter (where ${value} is not null) as ${sql.ref(`every${n}`)}`
    })
    return sql`select j.user_id, ${sql.join(cells)} from (${sql.join(this.#sources.flatMap((source) => this.#aliasedRows(source, chosen)), sql` union all `)}) j group by j.user_id`
  }

  /** Rows of a source that belong to a user of another number. Where a list holds several columns of the source, the rows come as many times. */
  #aliasedRows(source: VisibleSource, chosen: Sql | null): Sql[] {
    const own = this.#lists.map((list) => list.filter((place) => place.source === source))
    const times = Math.max(...own.map((places) => places.length))
    return Array.from({ length: times }, (_, time) => {
      const cells = own.map((places, n) => sql`${places[time] ? cellOf(places[time]) : sql`null::text`} collate "C" as ${sql.ref(`v${n}`)}`)
      const among = chosen ? sql`join ${chosen} c on c.user_id = a.user_id` : sql``
      const users = source.rowCondition ? sql`join ${sql.table(this.#scope.access.usersTable)} u on u.user_id = a.user_id` : sql``
      return sql`select a.user_id, ${sql.join(cells)} from row_aliases a ${among} join ${sql.table(source.rowsTable!)} r on r.row_number = a.row_number ${users} where ${passesRow(this.#scope, source)}`
    })
  }
}

function ref(table: string, name: string, n: number): Sql {
  return sql.ref(`${table}.${name}${n}`)
}

function cellOf({ column }: IdPlace): Sql {
  const cell = sql.ref(`r.${column.column}`)
  return column.masked ? masked('id', cell) : cell
}
