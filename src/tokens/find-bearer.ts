import type { Db } from '../db/database.ts'
import type { Bearer } from '../http/token-guard.ts'
import { findSignedIn } from '../operators/queries.ts'
import { NotKnown } from '../problem.ts'
import { listTokensByPrefix, setTokenUsed } from './queries.ts'
import { hasHash, looksLikeSecret, prefixOf } from './token.ts'

/** Whose token this is and what it may do. Throws NotKnown where it does not work: who has no secret of ours is not told more. */
export async function findBearer(db: Db, secret: string): Promise<Bearer> {
  const found = looksLikeSecret(secret) ? (await listTokensByPrefix(db, prefixOf(secret))).find((token) => hasHash(secret, token.hash)) : undefined
  if (!found) throw new NotKnown('This token is not known.')
  if (found.withdrawnAt) throw new NotKnown('This token was withdrawn.')
  if (found.expiresAt.getTime() <= Date.now()) throw new NotKnown('This token has expired.')
  const holder = await findSignedIn(db, found.operatorId)
  if (!holder) throw new NotKnown('The operator of this token is switched off or removed.')
  if (holder.mustChangePassword) throw new NotKnown('The operator of this token must change their password first.')
  await setTokenUsed(db, found.id)
  return { token: { id: found.id, name: found.name, permissions: new Set(found.permissions) }, holder }
}
