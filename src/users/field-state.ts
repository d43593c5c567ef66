import { createHash } from 'node:crypto'
import type { Access } from '../access/access.ts'
import type { Field } from '../conditions/field.ts'
import type { Db } from '../db/database.ts'
import { listShownDecisions, type DecidableFields, type ShownDecision } from '../overrides/queries/shown-decisions.ts'
import { findFieldValues } from './queries/field-values.ts'
import type { Cell } from './queries/list.ts'

/** What a field of a user shows now. `version` changes with its value and with every decision about it. */
export interface FieldState { field: Field; value: Cell; decision: ShownDecision | null; version: string }

/** These fields (all open to the operator) of the user that holds this number now; undefined where there is none to be seen. */
export async function findFieldStates(db: Db, access: Access, timeZone: string, number: string, fields: readonly Field[]): Promise<{ userId: string; states: FieldState[] } | undefined> {
  const found = await findFieldValues(db, access, timeZone, number, fields)
  if (!found) return undefined
  const decisions = await listShownDecisions(db, [found.userId], decidable(fields))
  return {
    userId: found.userId,
    states: fields.map((field, index): FieldState => {
      const value = found.values[index] ?? null
      const decision = decisions.find((one) => one.column === columnOf(field)) ?? null
      return { field, value, decision, version: versionOf(found.userId, field, value, decision) }
    })
  }
}

export function decidable(fields: readonly Field[]): DecidableFields {
  return { attributes: fields.flatMap((field) => field.attribute ?? []), columns: fields.flatMap((field) => field.tag?.column ?? []) }
}

/** Column of a field in the projection. */
export function columnOf(field: Field): string {
  return field.attribute?.column ?? field.tag!.column.column
}

/** Whether the source of a hand-set value has changed since. Who does not see all rows of a source is not told what became of them. */
export function hasMoved(field: Field, decision: Pick<ShownDecision, 'moved'>): boolean {
  return decision.moved && (field.tag?.source.rowCondition ?? null) === null
}

function versionOf(userId: string, field: Field, value: Cell, decision: ShownDecision | null): string {
  return createHash('sha256').update(JSON.stringify([userId, field.ref, value, decision?.id ?? null])).digest('base64url').slice(0, 22)
}
