import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { fieldOfAttribute, fieldOfTag, type Field } from '../conditions/field.ts'
import type { Db } from '../db/database.ts'
import { listShownDecisions, type ShownDecision } from '../overrides/queries/shown-decisions.ts'
import { columnOf, decidable } from './field-state.ts'
import { listSourceValues, type SourceValue } from './queries/source-values.ts'

export interface ShownOverride { field: Field; decision: ShownDecision; source: SourceValue | undefined }

/** What of a user was set by hand, in the fields that this operator sees unmasked, and what the sources say beside it. */
export async function readOverrides(db: Db, access: Access, catalog: Catalog, timeZone: string, userId: string): Promise<ShownOverride[]> {
  const open = [...access.attributes.map(fieldOfAttribute), ...access.tags.map(fieldOfTag)].filter((field) => !field.masked)
  const decisions = await listShownDecisions(db, [userId], decidable(open))
  const decided = decisions.flatMap((decision) => open.filter((field) => columnOf(field) === decision.column).map((field) => ({ field, decision })))
  const sources = await listSourceValues(db, access, catalog, timeZone, userId, decided.map(({ field }) => field))
  return decided.map(({ field, decision }) => ({ field, decision, source: sources.get(field.ref) }))
}
