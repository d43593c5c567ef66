import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { Access } from '../../access/access.ts'
import type { Field } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'
import { schemaVersion } from '../../destinations/sender.ts'
import { timeText } from '../../exports/queries/cells.ts'
import { isVisible, Scope } from '../../users/queries/scope.ts'
import type { Change, DocumentShape, IdColumns } from '../document.ts'
import { idValues, kindsOf, typeBits, type Between } from './id-values.ts'

/**
 * A user as they are sent: a document in three pieces, the middle one being the items of the list of IDs. `types` has a bit for each
 * ID type of the shape of which they have a value, in its order.
 */
export interface Rendered { userId: string; before: string; ids: string; after: string; types: string }

/**
 * The documents of these users, by user ID: JSON text, finished in the database. Users whom the operator does not find are left out.
 * Call it in a transaction, on the snapshot that the Access was made in.
 */
export async function listDocuments(db: Db, access: Access, timeZone: string, shape: DocumentShape, change: Change, userIds: readonly string[]): Promise<Rendered[]> {
  // Compiling to machine code does not pay for some thousand users.
  await sql`select set_config('timezone', ${timeZone}, true), set_config('jit', 'off', true)`.execute(db)
  const { rows } = await documents(access, timeZone, shape, change, userIds).execute(db)
  return rows as Rendered[]
}

function documents(access: Access, timeZone: string, shape: DocumentShape, change: Change, userIds: readonly string[]): Sql {
  const scope = new Scope(access, timeZone)
  // Who left is named by their IDs alone: the receiver is to forget the rest.
  const fields = change === 'left' ? [] : shape.fields
  const pieces = fields.map(({ name, field }, index) => sql`${sql.lit(`${index ? ',' : ''}${JSON.stringify(name)}:`)} || ${fieldJson(scope, field)}`)
  const before = sql.lit(JSON.stringify({ schemaVersion, pushId: shape.pushId, audienceId: shape.audienceId }).replace(/\}$/, ',"userId":"'))
  const middle = sql.lit(`","change":${JSON.stringify(change)},"ids":[`)
  const visible = isVisible(scope)
  const between = { least: userIds.reduce((least, id) => (BigInt(id) < BigInt(least) ? id : least), userIds[0] ?? '0'), greatest: userIds.reduce((most, id) => (BigInt(id) > BigInt(most) ? id : most), userIds[0] ?? '0') }
  return sql`with chosen as materialized (select unnest(${[...userIds]}::bigint[]) as user_id)
    select u.user_id as "userId", ${before} || u.user_id || ${middle} as before, coalesce(i.list, '') as ids, ${sql.join([sql.lit('],"fields":{'), ...pieces, sql.lit('}}')], sql` || `)} as after, coalesce(i.types, 0)::text as types
    from ${scope.from(sql`chosen join ${sql.table(access.usersTable)} u on u.user_id = chosen.user_id`)} left join (${idLists(scope, shape.ids, between)}) i on i.user_id = u.user_id
    where ${visible} and u.user_id between ${between.least}::bigint and ${between.greatest}::bigint order by u.user_id`
}

/** SQL (user_id, list, types): the IDs of the users in `chosen`, each value once, by type and encryption. */
function idLists(scope: Scope, ids: readonly IdColumns[], between: Between): Sql {
  const kinds = kindsOf(ids)
  const text = (texts: string[]) => sql`(${texts}::text[])[c.kind + 1]`
  return sql`select c.user_id, string_agg(${text(kinds.map(({ type }) => `{"type":${JSON.stringify(type)},"value":`))} || to_json(c.value) || ${text(kinds.map(({ encryption }) => `,"encryption":"${encryption}"}`))}, ',' order by c.kind, c.value) as list,
      ${typeBits(kinds, 'c')} as types
    from (${idValues(scope, ids, { between })}) c group by c.user_id`
}

/** The value of a field as JSON: numbers without idle zeros, times with their offset, several values as an array, null where it is empty. */
function fieldJson(scope: Scope, field: Field): Sql {
  const value = scope.value(field)
  const plain = field.type === 'number' ? sql`trim_scale(${value})` : field.type === 'time' ? timeText(value) : value
  return sql`coalesce(to_json(${plain})::text, 'null')`
}
