import { findField, type Field } from '../conditions/field.ts'
import { fieldOfAttribute } from '../conditions/field.ts'
import type { Condition } from '../catalog/condition.ts'
import type { Db } from '../db/database.ts'
import { Invalid } from '../problem.ts'
import type { IdKeys } from '../users/queries/identity.ts'
import { readList } from '../users/read-list.ts'
import { everyone, isSortable, type UserQuery } from '../users/user-query.ts'
import { nameOf, type Sight } from './read-user.ts'
import type { Body, listedUser } from './schemas.ts'
import { writeTime, writeValue } from './values.ts'

export interface ListRequest { condition: Condition | null; sort?: string; fields?: string[]; limit?: number; after?: string }
export interface Listed { users: Body<typeof listedUser>[]; next: string | null }

export const usualLimit = 50

/** One page of users whom a condition finds. */
export async function listUsers(db: Db, { access, timeZone, aesKey }: Sight, keys: IdKeys, request: ListRequest): Promise<Listed> {
  const fields = request.fields ? fieldsNamed(access, request.fields) : access.attributes.map(fieldOfAttribute)
  const columns = fields.map((field) => ({ ref: field.ref, kind: 'field' as const, label: field.label, field, sortBy: null, numeric: false }))
  const query: UserQuery = { ...queryOf(request.condition), sort: sortOf(access, request.sort), size: request.limit ?? usualLimit, place: request.after === undefined ? null : { direction: 'after', cursor: request.after } }
  const found = await readList(db, access, { timeZone, aesKey, keys }, query, columns)
  return {
    users: found.users.map((one) => ({
      id: one.id, createdAt: writeTime(one.createdAt), source: nameOf(access.source(one.sourceId ?? 0)),
      values: fields.map((field, index) => ({ field: field.ref, value: writeValue(field.type, one.cells[index] ?? null), masked: field.masked }))
    })),
    next: found.after
  }
}

/** The query of the list that a condition stands for. */
export function queryOf(condition: Condition | null): UserQuery {
  return { ...everyone, where: condition ? [condition] : [] }
}

/** Hidden fields are answered like those that never were. */
function fieldsNamed(access: Sight['access'], refs: readonly string[]): Field[] {
  return [...new Set(refs)].map((ref, index) => {
    const field = findField(access, ref)
    if (!field || field.type === 'id') throw new Invalid('There is no such field.', { [`fields/${index}`]: 'This field does not exist here.' })
    return field
  })
}

function sortOf(access: Sight['access'], text: string | undefined): UserQuery['sort'] {
  if (text === undefined) return everyone.sort
  const sort = { by: text.replace(/^-/, ''), descending: text.startsWith('-') }
  if (!isSortable(access, sort.by)) throw new Invalid('Users cannot be sorted by a field that does not exist here.', { sort: 'This field does not exist here, or has several values.' })
  return sort
}
