import { isOn, allTexts, textOf, wholeNumber } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import { destinationKinds, secretsOf, type Destination, type DestinationKind, type SecretName, type Secrets, type SettingsOf } from './destination.ts'
import { dataBankForm } from './forms/data-bank.ts'
import { emailForm } from './forms/email.ts'
import { kafkaForm } from './forms/kafka.ts'
import type { Circumstances, KindForm, Values } from './forms/kind-form.ts'
import { webhookForm } from './forms/webhook.ts'

export const kindForms: { [K in DestinationKind]: KindForm<SettingsOf[K]> } = { kafka: kafkaForm, webhook: webhookForm, email: emailForm, data_bank: dataBankForm }

/** The form as it was typed. */
export interface DestinationInput { kind: DestinationKind; name: string; values: Values; roleIds: number[]; typed: Secrets; seen: string }

export function readKind(value: unknown): DestinationKind | undefined {
  return destinationKinds.find((kind) => kind === value)
}

export function readDestination(kind: DestinationKind, body: unknown): DestinationInput {
  const names = Object.keys(kindForms[kind].blank)
  return {
    kind, name: textOf(body, 'name').replace(/\s+/g, ' '), seen: textOf(body, 'seen'),
    values: Object.fromEntries(names.map((name) => [name, typeof kindForms[kind].blank[name] === 'boolean' ? isOn(body, name) : textOf(body, name)])),
    roleIds: allTexts(body, 'role').flatMap((text) => wholeNumber(text, 1, 999_999_999) ?? []),
    typed: Object.fromEntries(secretsOf[kind].flatMap((name) => { const typed = textOf(body, name); return typed === '' ? [] : [[name, typed]] }))
  }
}

export function blankInput(kind: DestinationKind): DestinationInput {
  return { kind, name: '', values: kindForms[kind].blank, roleIds: [], typed: {}, seen: '' }
}

export function inputOf(destination: Destination, seen: string): DestinationInput {
  const form = kindForms[destination.kind] as KindForm<object>
  return { kind: destination.kind, name: destination.name, values: form.valuesOf(destination.settings), roleIds: destination.roleIds, typed: {}, seen }
}

export interface CheckedInput { settings: SettingsOf[DestinationKind]; /** Secrets that are needed and were not typed: those that were kept stay. */ kept: SecretName[]; messages: FieldMessages }

/** Checks what was typed. A password is kept only for the place that it was typed for: with another server, somebody could have it sent there. */
export function checkDestination(input: DestinationInput, before: Destination | undefined, circumstances: Circumstances): CheckedInput {
  const form = kindForms[input.kind] as KindForm<object>
  const { settings, messages } = form.check(input.values, circumstances)
  const moved = before !== undefined && form.placeOf(before.settings) !== form.placeOf(settings)
  const kept: SecretName[] = []
  for (const { name, missing, bound } of form.needed(settings)) {
    if (input.typed[name] !== undefined) continue
    if (before?.secrets[name] === undefined) messages[name] = missing
    else if (bound && moved) messages[name] = 'It was typed for another server or another way of signing in: type it again.'
    else kept.push(name)
  }
  Object.assign(messages, form.checkSecrets(settings, input.typed))
  return { settings: settings as SettingsOf[DestinationKind], kept, messages: { ...problemsOfName(input.name), ...messages } }
}

function problemsOfName(name: string): FieldMessages {
  if (name === '') return { name: 'Give the destination a name.' }
  return name.length > 80 ? { name: 'A name can have at most 80 characters.' } : {}
}
