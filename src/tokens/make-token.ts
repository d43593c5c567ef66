import { permissionPath, type Permission } from '../access/permissions.ts'
import type { Db } from '../db/database.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import { Invalid } from '../problem.ts'
import { insertToken, lockTokenCount } from './queries.ts'
import { newToken } from './token.ts'

export const mostTokens = 50

/** Makes a token that may do no more than its operator. Answers its secret, which nobody can read again. */
export async function makeToken(db: Db, operator: Actor & { permissions: ReadonlySet<Permission> }, wanted: { name: string; permissions: readonly Permission[]; days: number }): Promise<string> {
  if (!wanted.permissions.every((permission) => operator.permissions.has(permission))) throw new Invalid('', { permission: 'You can only give what you hold yourself. Choose again.' })
  return db.transaction().execute(async (trx) => {
    if ((await lockTokenCount(trx, operator.id)) >= mostTokens) throw new Invalid('', { name: `You have ${mostTokens} tokens that work, which is as many as there may be. Withdraw one first.` })
    const { secret, prefix, hash } = newToken()
    await insertToken(trx, { ...wanted, operatorId: operator.id, prefix, hash })
    await insertHistory(trx, {
      kind: 'token', title: `Token ${wanted.name} made, for ${wanted.days} days`, operator: { id: operator.id, name: operator.name, tokenId: null },
      items: [{ table: 'operators', column: 'permissions', before: null, after: wanted.permissions.map(permissionPath) }]
    })
    return secret
  })
}
