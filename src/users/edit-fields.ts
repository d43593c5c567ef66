import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { targetOf, type Stored } from '../catalog/target.ts'
import type { Field } from '../conditions/field.ts'
import type { Db } from '../db/database.ts'
import { decide, type Decided, type Finish, type Operator } from '../overrides/decide.ts'
import type { Decision } from '../overrides/queries/insert-decisions.ts'
import { Conflict, NotFound } from '../problem.ts'
import { findFieldStates, type FieldState } from './field-state.ts'
import { editText } from './typed-value.ts'

/** A value that an operator typed. `was` is the text that the editor showed at first, `version` the state it was opened on. */
export interface Edit { field: Field; text: string; value: Stored; was: string | null; version: string }

/** Somebody else changed these fields since their editors were opened: what they are now. */
export class Stale extends Conflict {
  readonly states: FieldState[]
  constructor(states: FieldState[]) {
    super('Somebody else changed this meanwhile.')
    this.states = states
  }
}

export interface Reader { access: Access; catalog: Catalog; timeZone: string }

/**
 * Sets values of one user by hand: all of them or none. Untouched and equal ones write nothing. Throws Stale where somebody
 * else was quicker, but for those who typed the same. `finish` runs last in the same transaction, where anything was written.
 */
export async function editFields(db: Db, { access, catalog, timeZone }: Reader, userId: string, edits: readonly Edit[], operator: Operator, finish?: Finish): Promise<Decided> {
  const touched = edits.filter((edit) => edit.text !== edit.was)
  if (touched.length === 0) return { entryId: null, users: 0 }
  const decisions = touched.map((edit) => decisionOf(catalog, edit))
  return decide(db, catalog, timeZone, [userId], decisions, { kind: 'edit', title: 'Edit of a user', operator }, async (writer) => {
    const found = await findFieldStates(writer.db, access, timeZone, userId, touched.map((edit) => edit.field))
    if (found?.userId !== userId) throw new NotFound('There is no user with this ID.')
    const stale = found.states.filter((state, index) => state.version !== touched[index]!.version && editText(state.value, timeZone) !== touched[index]!.text)
    if (stale.length) throw new Stale(stale)
  }, finish)
}

function decisionOf(catalog: Catalog, { field, value }: Edit): Decision {
  // Who does not see every row may see another value than the one an equal value is told by.
  return { target: targetOf(catalog, field.ref)!, change: { mode: 'set', value }, policy: 'keep', always: field.tag?.source.rowCondition != null }
}

/** Gives a field of a user back to what its sources say. */
export async function returnField(db: Db, { catalog, timeZone }: Reader, userId: string, field: Field, operator: Operator): Promise<Decided> {
  return decide(db, catalog, timeZone, [userId], [{ target: targetOf(catalog, field.ref)!, change: { mode: 'return' }, policy: 'keep', always: false }], { kind: 'return', title: 'Return to source', operator })
}
