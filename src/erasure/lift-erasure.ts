import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Conflict, NotFound } from '../problem.ts'
import { lockErasure, setErasureLifted } from './queries.ts'

/** Lets imports bring a person back who was erased: what they were known by is forgotten. */
export async function liftErasure(db: Db, id: number, operator: { id: number; name: string }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const erasure = await lockErasure(trx, id)
    if (!erasure) throw new NotFound('There is no such erasure.')
    if (!erasure.doneAt) throw new Conflict('This person is still being erased. Wait until that is done.')
    if (erasure.liftedAt) return
    await setErasureLifted(trx, id)
    await insertHistory(trx, { kind: 'erase', title: `Imports may bring user ${erasure.userId} back, who was erased`, operator })
  })
}
