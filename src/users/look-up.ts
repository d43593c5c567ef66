import type { Access } from '../access/access.ts'
import { isLeaf, type Condition } from '../catalog/condition.ts'
import type { Db } from '../db/database.ts'
import { formatCount } from '../format.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import type { KeySeal } from '../identities/key-seal.ts'
import { TooMany } from '../problem.ts'
import { countLookUps, deleteOldLookUps, insertLookUps, lockLookUps } from './queries/look-ups.ts'

/** So many different values may be looked for in an hour by who sees them masked: enough for a day at the counter, too few to try all mobiles. */
export const lookUpsAnHour = 120

/**
 * May a query look into masked ID columns for exact whole values? True where the operator has such columns and the query
 * asks for IDs; records the values that were not looked for within the hour. Throws Invalid beyond the limit.
 */
export async function lookUp(db: Db, seal: KeySeal, access: Access, operator: Actor, condition: Condition): Promise<boolean> {
  if (!access.sources.some((source) => source.columns.some((column) => column.kind === 'id' && column.masked))) return false
  const digests = [...new Set(wantedIds(condition))].map((value) => seal.digest(value))
  if (digests.length === 0) return false
  await db.transaction().execute(async (trx) => {
    await lockLookUps(trx, operator.id)
    await deleteOldLookUps(trx)
    const fresh = await insertLookUps(trx, operator.id, digests.slice(0, lookUpsAnHour + 1))
    if (digests.length > lookUpsAnHour || (await countLookUps(trx, operator.id)) > lookUpsAnHour) throw new TooMany(`Some IDs are masked for you, and within an hour at most ${lookUpsAnHour} whole values can be looked for. Wait a while, or ask an administrator for a role that shows these IDs.`, 3600)
    if (fresh > 0) await insertHistory(trx, { kind: 'look_up', title: `Looked for ${formatCount(fresh, 'ID')} where IDs are masked`, operator: { id: operator.id, name: operator.name, tokenId: operator.tokenId ?? null } })
  })
  return true
}

/** Values asked of any ID: the box of the list. Conditions on one ID type do not look into masked columns. */
function wantedIds(condition: Condition): string[] {
  if (isLeaf(condition)) return condition.field === 'id' ? condition.values.map((value) => value.trim()).filter((value) => value !== '') : []
  if ('and' in condition) return condition.and.flatMap(wantedIds)
  if ('or' in condition) return condition.or.flatMap(wantedIds)
  return 'not' in condition ? wantedIds(condition.not) : []
}
