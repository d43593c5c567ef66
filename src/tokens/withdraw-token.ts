import type { Db } from '../db/database.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import { NotFound } from '../problem.ts'
import { getToken, noToken, setTokenWithdrawn, type Token } from './queries.ts'

/** Makes a token worth nothing from the next request on: one's own, or as an administrator anybody's. */
export async function withdrawToken(db: Db, operator: Actor & { administrator: boolean }, id: number): Promise<Token> {
  return db.transaction().execute(async (trx) => {
    const token = await getToken(trx, id)
    if (token.operatorId !== operator.id && !operator.administrator) throw new NotFound(noToken)
    if (!(await setTokenWithdrawn(trx, id))) throw new NotFound(noToken)
    await insertHistory(trx, { kind: 'token', title: `Token ${token.name} of ${token.operator} withdrawn`, operator: { id: operator.id, name: operator.name, tokenId: null } })
    return token
  })
}
