import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { formatCount } from '../format.ts'
import { undoableKinds, type Undone } from '../overrides/undo.ts'
import { Conflict, Invalid, NotFound } from '../problem.ts'
import { getEntry, noEntry, type Entry } from './queries.ts'
import { hasHiddenUser } from './queries/hidden-users.ts'
import { mayChange, sightOf } from './sight.ts'

/** What an operator sees, at one version of the data. */
export interface View { catalog: Catalog; access: Access; timeZone: string }

/**
 * The entry, where this operator can take it back. NotFound for one about anything that they may not see, as for one that
 * never was; Invalid for a kind that is not taken back; Conflict where it was already.
 */
export async function getUndoable(db: Db, view: View, entryId: string): Promise<Entry> {
  const entry = await getEntry(db, entryId)
  const sight = sightOf(view.catalog, view.access)
  if (!sight.everything && entry.sourceId !== null && !sight.sources.includes(entry.sourceId)) throw new NotFound(noEntry)
  if (!mayChange(view.access, sight, entry.fields) || (await hasHiddenUser(db, view.access, view.timeZone, entry.id))) throw new NotFound(noEntry)
  if (!undoableKinds.includes(entry.kind)) throw new Invalid(refusals[entry.kind] ?? 'A change of this kind is not taken back from the history: change it again where it was made.')
  if (entry.undoneBy !== null) throw new Conflict('This was taken back already. Nothing was changed.')
  return entry
}

const refusals: Record<string, string> = {
  undo: 'What was put back is not taken back itself: set the values again.',
  import: 'An import is taken back from the page of its run.',
  export: 'What was exported is not taken back; its file is deleted by itself.',
  sign_in: 'A sign-in is not taken back.'
}

/** What an undo did, in one sentence. */
export function undoneText({ values, valuesSkipped }: Undone): string {
  const skipped = valuesSkipped === 0 ? '' : `${formatCount(valuesSkipped, 'value')} ${valuesSkipped === 1 ? 'was' : 'were'} skipped because ${valuesSkipped === 1 ? 'it' : 'they'} changed since`
  if (values > 0) return `${formatCount(values, 'value')} ${values === 1 ? 'was' : 'were'} put back${skipped && `; ${skipped}`}.`
  return skipped ? `Nothing was put back: ${skipped}.` : 'Nothing was put back: the tag or the user is not there any more.'
}
