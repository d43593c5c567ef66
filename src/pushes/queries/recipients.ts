import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Db } from '../../db/database.ts'
import { readSnapshot } from '../../db/snapshot.ts'
import type { Sql } from '../../db/sql.ts'
import { beginReading } from '../../users/queries/begin.ts'
import type { Reading } from '../../users/queries/list.ts'
import { Scope } from '../../users/queries/scope.ts'
import { shapeForHash, type IdColumns } from '../document.ts'
import type { Push } from '../push.ts'
import { pushedUsers } from './batches.ts'
import { idValues, kindsOf, typeBits } from './id-values.ts'
import { membersOf } from './members.ts'

/** Whom a push would send to now: users, those of them who have any of the IDs, and how many have each type. */
export interface Recipients { users: number; reached: number; byType: Record<string, number> }

/** Counts them as somebody sees them; null where that takes too long for a page. */
export async function countRecipients(db: Db, access: Access, reading: Reading, push: Pick<Push, 'person' | 'audience' | 'hash'>, ids: readonly IdColumns[], milliseconds: number): Promise<Recipients | null> {
  try {
    return await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, access, milliseconds)
      return readRecipients(snapshot, access, reading, push, ids)
    })
  } catch (error) {
    if ((error as { code?: string }).code === '57014') return null
    throw error
  }
}

/** The same for a job, on the snapshot of the caller. */
export async function readRecipients(snapshot: Db, access: Access, reading: Reading, push: Pick<Push, 'person' | 'audience' | 'hash'>, ids: readonly IdColumns[]): Promise<Recipients> {
  const shown = shapeForHash(ids, push.hash)
  const kinds = kindsOf(shown)
  const values = idValues(new Scope(access, reading.timeZone), shown, { wellFormed: push.hash !== null })
  const counts: Sql[] = shown.map((_, bit) => sql`count(*) filter (where i.types & ${sql.lit(2 ** bit)} <> 0) as ${sql.ref(`t${bit}`)}`)
  const { rows } = await sql<Record<string, string>>`
    with chosen as materialized (${membersOf(access, reading, push)})
    select ${sql.join([sql`count(*) as users`, sql`count(i.user_id) as reached`, ...counts])}
    from chosen c left join (select v.user_id, ${typeBits(kinds, 'v')} as types from (${values}) v group by v.user_id) i on i.user_id = c.user_id`.execute(snapshot)
  const row = rows[0]!
  return { users: Number(row['users']), reached: Number(row['reached']), byType: Object.fromEntries(shown.map(({ type }, bit) => [type, Number(row[`t${bit}`])])) }
}

/** How many users the destination of a push has. */
export async function countPushed(db: Db, pushId: number): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from (${pushedUsers(pushId)}) p`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** Somebody in it whom this operator finds, if there is anybody. */
export async function findFirstMember(db: Db, access: Access, reading: Reading, push: Pick<Push, 'person' | 'audience'>): Promise<string | undefined> {
  const { rows } = await sql<{ user_id: string }>`select m.user_id from (${membersOf(access, reading, push)}) m order by m.user_id limit 1`.execute(db)
  return rows[0]?.user_id
}
