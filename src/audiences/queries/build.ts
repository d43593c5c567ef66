import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import { inlineValues } from '../../db/inline-values.ts'
import type { Sql } from '../../db/sql.ts'
import type { Work } from '../../jobs/work.ts'
import { selectedUsers } from '../../overrides/queries/selections.ts'
import type { Reading } from '../../users/queries/list.ts'
import { matchingUsers } from '../../users/queries/matching.ts'
import type { IdCounts } from '../audience.ts'

/** SQL (user_id): the users of a choice whom its owner still finds. */
export function chosenUsers(access: Access, reading: Reading, selectionId: string): Sql {
  return amongVisible(access, reading, sql.raw(selectedUsers(selectionId, access.usersTable)))
}

/** SQL (user_id): the members of a table whom the owner finds. */
export function keptUsers(access: Access, reading: Reading, table: string): Sql {
  return amongVisible(access, reading, sql`(select row_number as user_id from ${sql.table(table)})`)
}

/** SQL (user_id): those of a select (user_id) whom the owner finds. */
export function amongVisible(access: Access, reading: Reading, users: Sql): Sql {
  return sql`select v.user_id from (${matchingUsers(access, reading, { and: [] })}) v join ${users} c on c.user_id = v.user_id`
}

/** Makes the table of members of a build. Who was in before keeps the time since when. Answers how many there are. */
export async function makeMembers(work: Work, table: string, users: Sql, before: string | null): Promise<number> {
  // Compiling to machine code does not pay for what is read once.
  await work.run('set local jit = off')
  // A statement that makes a table takes no parameters.
  const size = await work.run(`create table ${table} as select q.user_id as row_number, ${before ? 'coalesce(f.since, now())' : 'now()'} as since, true as own
    from (${inlineValues(users)}) q${before ? ` left join ${before} f on f.row_number = q.user_id` : ''}`)
  await work.run(`alter table ${table} add primary key (row_number)`)
  await work.run(`analyze ${table}`)
  return size
}

/** How many users came to a new table, and how many that are still there left it. */
export async function countChange(work: Work, table: string, before: string | null): Promise<{ came: number; went: number }> {
  if (!before) return { came: 0, went: 0 }
  const [counted] = await work.rows<{ came: string; went: string }>(`select
    (select count(*) from ${table} n where not exists (select from ${before} f where f.row_number = n.row_number)) as came,
    (select count(*) from ${before} f join ${work.catalog.usersTable} u on u.user_id = f.row_number where not exists (select from ${table} n where n.row_number = f.row_number)) as went`)
  return { came: Number(counted?.came), went: Number(counted?.went) }
}

export interface Built { ownerId: number; table: string; before: string | null; size: number; came: number; went: number; builtBy: string | null; ids: IdCounts | null }

/** The members of a build take the place of those before, which stay until the next one. False where the audience has another owner than it was built for. */
export async function setBuilt(work: Work, id: number, { ownerId, table, before, size, came, went, builtBy, ids }: Built): Promise<boolean> {
  await work.run('insert into retired_tables (name) select before_table from audiences where id = $1 and before_table is not null on conflict do nothing', [id])
  return 0 < await work.run(`update audiences set members_table = $2, before_table = $3, size = $4, came = $5, went = $6, built_at = clock_timestamp(), built_by = $7, ids_found = $8, ids_missing = $9, ids_ambiguous = $10, paused = null where id = $1 and owner_id = $11`,
    [id, table, before, size, came, went, builtBy, ids?.found ?? null, ids?.missing ?? null, ids?.ambiguous ?? null, ownerId])
}
