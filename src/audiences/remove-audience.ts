import type { Access } from '../access/access.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import { Conflict, NotFound } from '../problem.ts'
import { setSchedule } from '../schedules/queries.ts'
import { calledInHistory, mayDelete, noAudience, type Audience, type Operator } from './audience.ts'
import { countPushesOf, deleteAudience, listUses, lockAudience, lockAudiences } from './queries.ts'

/** Deletes an audience: of one's own, or as an administrator one whose owner is gone. Throws Conflict while something is made of it. */
export async function removeAudience(db: Db, access: Access, id: number, operator: Operator): Promise<Audience> {
  return shortChange(db, async (trx) => {
    await lockAudiences(trx)
    const audience = await lockAudience(trx, id)
    if (!mayDelete(audience, operator)) throw new NotFound(noAudience)
    const refusal = await refusalOf(trx, access, id)
    if (refusal) throw new Conflict(refusal)
    await setSchedule(trx, { kind: 'audience', subjectId: id }, null, null)
    await deleteAudience(trx, id)
    await insertHistory(trx, { kind: 'audience', title: `${calledInHistory(audience)} deleted`, operator: { id: operator.id, name: operator.name }, items: audience.shared ? [{ table: 'audiences', column: 'name', before: audience.name, after: null }] : [] })
    await raiseCatalogVersion(trx)
    return audience
  })
}

/** Why an audience cannot be deleted now, or ''. Audiences that the operator does not see are not named. */
export async function refusalOf(db: Db, access: Access, id: number): Promise<string> {
  if ((await countPushesOf(db, id)) > 0) return 'A push uses it. End the push first, under Settings > Pushes.'
  const users = [...(await listUses(db))].filter(([, uses]) => uses.includes(id)).map(([user]) => user)
  if (users.length === 0) return ''
  const names = users.flatMap((user) => access.audience(user)?.name ?? [])
  const named = names.length ? `The rules of ${names.join(', ')}${names.length < users.length ? ' and of others' : ''} name it.` : 'The rules of another audience name it.'
  return `${named} Take it out there first.`
}
