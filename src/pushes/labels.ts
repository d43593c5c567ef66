import type { Access } from '../access/access.ts'
import { findOpenField } from '../conditions/field.ts'
import type { StateLabel } from '../jobs/labels.ts'
import { pushableTypes } from './document.ts'
import type { Hash, Push, RunState } from './push.ts'

export const runLabels: Record<RunState, StateLabel> = {
  waiting: { text: 'waiting', tone: '' }, running: { text: 'sending', tone: '' }, done: { text: 'done', tone: 'good' }, interrupted: { text: 'interrupted', tone: 'bad' },
  cancelled: { text: 'cancelled', tone: 'warn' }, skipped: { text: 'skipped', tone: 'warn' }
}

export const hashLabels: Record<Hash, string> = { md5: 'MD5', sha256: 'SHA256' }

/** What a push sends, in a line; fields by the names that they go under. */
export function contentInWords({ idTypes, fields, hash, message }: Pick<Push, 'idTypes' | 'fields' | 'hash' | 'message'>, fieldNames = true): string {
  if (message) return message.subject ? 'An e-mail' : 'A text message'
  const ids = `${idTypes.join(', ')}${hash ? ` as ${hashLabels[hash]}` : ''}`
  if (fields.length === 0) return ids
  return `${ids} with ${fieldNames ? fields.map(({ name }) => name).join(', ') : `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`}`
}

/** The same as far as a reader who does not own the push sees its columns; what they do not see is only counted. */
export function contentSeen(access: Access, push: Pick<Push, 'idTypes' | 'fields' | 'hash' | 'message'>): string {
  const idTypes = pushableTypes(access, push.idTypes).map(({ type }) => type)
  const fields = push.fields.filter(({ ref }) => findOpenField(access, ref))
  const unseen = push.idTypes.length - idTypes.length + push.fields.length - fields.length
  const seen = idTypes.length + fields.length > 0 || push.message ? contentInWords({ ...push, idTypes, fields }) : ''
  return [seen, unseen ? `${unseen} that you do not see` : ''].filter(Boolean).join(', and ')
}
