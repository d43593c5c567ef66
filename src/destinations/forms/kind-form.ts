import type { FieldDraft } from '../../form.ts'
import type { FieldMessages } from '../../problem.ts'
import type { SecretName, Secrets } from '../destination.ts'

/** Texts of fields and the state of switches, by their names. */
export type Values = Record<string, string | boolean>

/** What the installation has and allows. */
export interface Circumstances { privateRanges: readonly string[]; mailServer: boolean; mailFrom: string }

/** Fields under one heading; `shown` names the choice that shows them, '' means always. */
export interface Section { legend: string; shown: '' | 'sasl' | 'tls' | 'own'; fields: FieldDraft[] }

/** The form of one kind of destination. */
export interface KindForm<S> {
  blank: Values
  valuesOf(settings: S): Values
  check(values: Values, circumstances: Circumstances): { settings: S; messages: FieldMessages }
  /** Where a secret goes: a kept one that is `bound` is not used for another place. */
  placeOf(settings: S): string
  needed(settings: S): { name: SecretName; missing: string; bound: boolean }[]
  checkSecrets(settings: S, typed: Secrets): FieldMessages
  sections(values: Values, kept: ReadonlySet<SecretName>, circumstances: Circumstances): Section[]
}

export function textIn(values: Values, name: string): string {
  const value = values[name]
  return typeof value === 'string' ? value : ''
}

/** A field for a secret: what was kept is never shown. */
export function secretField(id: SecretName, label: string, kept: ReadonlySet<SecretName>, draft: Partial<FieldDraft> = {}): FieldDraft {
  const help = kept.has(id) ? 'One is kept and never shown. Leave this empty to keep it.' : draft.help ?? ''
  return { control: 'password', ...draft, id, label, value: '', help }
}

/** An address or host with a port: the name of a machine, or its number. */
export const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/
export const mailAddress = /^[^\s@<>()[\],;:"\\\p{C}]{1,64}@[^\s@<>()[\],;:"\\\p{C}]{1,253}$/u
