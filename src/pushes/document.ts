import type { Access, VisibleColumn, VisibleSource } from '../access/access.ts'
import type { Encryption } from '../catalog/column.ts'
import { findOpenField, listFields, type Field } from '../conditions/field.ts'
import type { Hash, PushContent, PushField } from './push.ts'

export const mostFields = 100

/** Why a user is in a run: they are in the audience, came into it since the last run, or left it. */
export type Change = 'member' | 'came' | 'left'

/** An ID type of the documents with the columns that its values come from. */
export interface IdColumns { type: string; places: { source: VisibleSource; column: VisibleColumn; encryption: Encryption }[] }
export interface NamedField { name: string; field: Field }

/** What documents are made of, in the eyes of one operator. */
export interface DocumentShape { pushId: number; audienceId: number | null; ids: IdColumns[]; fields: NamedField[] }

/** ID types of which an operator sees a column unmasked: others cannot be pushed. */
export function pushableTypes(access: Access, codes?: readonly string[]): IdColumns[] {
  return access.idTypes.filter(({ code }) => !codes || codes.includes(code)).map(({ code }) => ({ type: code, places: placesOf(access, code) })).filter(({ places }) => places.length > 0)
}

function placesOf(access: Access, type: string): IdColumns['places'] {
  return access.sources.flatMap((source) => source.columns.filter((column) => column.kind === 'id' && column.idType === type && !column.masked)
    .map((column) => ({ source, column, encryption: column.encryption ?? 'unencrypted' })))
}

/** Tags and attributes that can be pushed: those that are seen in full. */
export function pushableFields(access: Access): Field[] {
  return listFields(access).filter((field) => !field.masked)
}

/** What of a push its operator still sees; `gone` counts what is left out. */
export function shapeOf(access: Access, push: Pick<PushContent, 'idTypes' | 'fields'> & { id: number; audienceId: number | null }): DocumentShape & { gone: number } {
  const ids = pushableTypes(access, push.idTypes)
  const fields = push.fields.flatMap(({ ref, name }) => { const field = findOpenField(access, ref); return field && field.type !== 'id' ? [{ name, field }] : [] })
  return { pushId: push.id, audienceId: push.audienceId, ids, fields, gone: push.idTypes.length - ids.length + push.fields.length - fields.length }
}

/** What is wrong with the names of fields, by the place of the field: two alike would be one in the documents. */
export function problemsOfNames(fields: readonly PushField[]): Map<number, string> {
  const problems = new Map<number, string>()
  const met = new Set<string>()
  for (const [at, { name }] of fields.entries()) {
    if (name.length > 100) problems.set(at, 'A name can have at most 100 characters.')
    else if (met.has(name)) problems.set(at, 'Two fields cannot have one name.')
    met.add(name)
  }
  return problems
}

/** The ID types that a matching file may hold, as the receiver knows them; OUID goes as it is. */
export const matchingTypes: readonly string[] = ['MOBILE', 'EMAIL', 'MAC_ORG', 'IMEI', 'IDFA', 'IMSI', 'OAID', 'TAOBAO_ID', 'TAOBAO_NICK', 'OUID']
export const asItIs = 'OUID'

/** The columns that can be told under a hash: a value that is hashed the other way cannot. Null: all of them. */
export function shapeForHash(ids: readonly IdColumns[], hash: Hash | null): IdColumns[] {
  if (hash === null) return [...ids]
  return ids.map(({ type, places }) => ({ type, places: places.filter(({ encryption }) => encryption === 'unencrypted' || encryption === 'aes' || (type !== asItIs && encryption === hash)) })).filter(({ places }) => places.length > 0)
}
