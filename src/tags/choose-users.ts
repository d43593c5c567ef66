import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { insertSelection, type Selection } from '../overrides/queries/selections.ts'
import { Invalid } from '../problem.ts'
import { beginReading } from '../users/queries/begin.ts'
import type { Reading } from '../users/queries/list.ts'
import { matchingUsers, usersHolding } from '../users/queries/matching.ts'
import { conditionOf, writeQuery, type UserQuery } from '../users/user-query.ts'

/** Whom somebody chose: everybody whom a query finds, or ticked ones. */
export type Chosen = { query: UserQuery } | { ticked: string[] }

const limit = 5000

/** Freezes a choice as it is at this moment: who comes to match later is not in it. Throws Invalid where it is nobody, and the timeout of PostgreSQL after 5 seconds. */
export async function chooseUsers(db: Db, access: Access, reading: Reading, chosen: Chosen, operatorId: number): Promise<Selection> {
  const users = 'query' in chosen ? matchingUsers(access, reading, conditionOf(chosen.query)) : usersHolding(access, reading.timeZone, chosen.ticked)
  return db.transaction().setIsolationLevel('repeatable read').execute(async (trx) => {
    await beginReading(trx, access, limit)
    const selection = await insertSelection(trx, { operatorId, query: 'query' in chosen ? writeQuery({ ...chosen.query, place: null }) : null }, users)
    if (selection.users === 0) throw new Invalid('query' in chosen ? 'No user matches this query any more.' : 'Tick at least one user. Those that were ticked are not there any more.')
    return selection
  })
}
