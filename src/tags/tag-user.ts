import type { Catalog } from '../catalog/catalog.ts'
import { targetOf, type Target } from '../catalog/target.ts'
import { labelOfTag } from '../conditions/field.ts'
import type { Db } from '../db/database.ts'
import { decide, type Decided, type Finish, type Operator } from '../overrides/decide.ts'
import { Outdated } from '../problem.ts'
import { changeOf, type OfferedTag, type TagMode } from './tagging.ts'

/** Values chosen for one tag, and what is done with them. */
export interface ChosenTag { tag: OfferedTag; mode: TagMode; values: string[] }

/** Sets tags of one user by hand, all in one act: they are kept, whatever later imports bring, also where they are the same already. `finish` runs last in the same transaction. */
export async function tagUser(db: Db, catalog: Catalog, timeZone: string, userId: string, chosen: readonly ChosenTag[], operator: Operator, finish?: Finish): Promise<Decided> {
  const decisions = chosen.map(({ tag, mode, values }) => ({ target: targetIn(catalog, tag), change: changeOf(mode, values), policy: 'keep' as const, always: true }))
  const labels = chosen.map(({ tag }) => labelOfTag(tag.column))
  const title = labels.length > 5 ? `Tag ${labels.length} tags` : `Tag ${labels.join(', ')}`
  return decide(db, catalog, timeZone, [userId], decisions, { kind: 'tag', title, operator }, undefined, finish)
}

/** The tag as decisions name it. */
export function targetIn(catalog: Catalog, { column }: OfferedTag): Target {
  const target = targetOf(catalog, `tag:${column.id}`)
  if (!target) throw new Outdated('The tag went while this was done.')
  return target
}
