import { fieldsOfMessage, problemsOfMessage, unsubscribeField } from '../destinations/message.ts'
import { allTexts, textOf, wholeNumber } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import { readSchedule, type ScheduleOffer } from '../schedules/form.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { mostFields, problemsOfNames } from './document.ts'
import type { Offer } from './offer.ts'
import type { PushContent, PushField } from './push.ts'

/** Of whom the form speaks: an audience, or one person of it. */
export interface Whom { audienceId: number; person: string; alone: boolean; reach: boolean }

export interface PushInput extends PushContent {
  destinationId: number
  /** As it was typed, for the fields of the schedule. */
  body: unknown
}

export const scheduleOffer = (timeZone: string): ScheduleOffer => ({ every: ['hour', 'day', 'week', 'month'], sources: [], days: true, never: 'Once, now', timeZone })

/** What the addresses and forms of a new push say of whom it is. */
export function readWhom(from: unknown): Whom {
  const person = textOf(from, 'user')
  return { audienceId: wholeNumber(textOf(from, 'audience'), 1, 999_999_999) ?? 0, person: /^[1-9]\d{0,17}$/.test(person) ? person : '', alone: person !== '' && textOf(from, 'whom') !== 'audience', reach: textOf(from, 'reach') !== '' }
}

// A field named "id" would hide the id of its form from htmx.
export function readPush(body: unknown): PushInput {
  const refs = [...new Set(allTexts(body, 'field'))].slice(0, 1000)
  return {
    destinationId: wholeNumber(textOf(body, 'destination'), 1, 999_999_999) ?? 0, idTypes: [...new Set(allTexts(body, 'type'))], fields: refs.map((ref) => ({ ref, name: textOf(body, `name-${ref}`) })),
    scope: textOf(body, 'scope') === 'change' ? 'change' : 'whole', hash: textOf(body, 'hash') === 'sha256' ? 'sha256' : 'md5', message: { subject: textOf(body, 'subject'), text: textOf(body, 'text') }, body
  }
}

export interface Checked { content: PushContent; schedule: Schedule | null; messages: FieldMessages }

/** What is to be sent, or what is wrong by field. What is not offered is as if it were not there. */
export function checkPush(offer: Offer, input: PushInput, { alone, timeZone }: { alone: boolean; timeZone: string }): Checked {
  const { destination, reach } = offer
  const messages: FieldMessages = destination ? {} : { destination: 'Choose a destination from the list.' }
  const read = alone ? { schedule: null, messages: {} } : readSchedule(scheduleOffer(timeZone), input.body)
  Object.assign(messages, read.messages)
  const idTypes = offer.idTypes.map(({ type }) => type).filter((type) => reach || input.idTypes.includes(type))
  if (destination && idTypes.length === 0) messages['ids'] = reach ? 'You see no addresses of these people in full.' : 'Choose at least one ID type.'
  const fields = reach ? fieldsOf(offer, input) : chosenFields(offer, input)
  if (!reach) checkFields(fields, idTypes, messages)
  const matching = destination?.kind === 'data_bank'
  if (reach && destination) Object.assign(messages, problemsOfMessage(input.message!, offer.fields.map(({ label }) => label), { subject: destination.kind === 'email' }))
  const content: PushContent = { idTypes, fields: matching ? [] : fields, scope: alone || matching ? 'whole' : input.scope, hash: matching ? input.hash : null, message: reach ? { subject: destination?.kind === 'email' ? input.message!.subject : '', text: input.message!.text } : null }
  return { content, schedule: read.schedule, messages }
}

/** The fields that a text names, under the names that it gives them. */
function fieldsOf(offer: Offer, { message }: PushInput): PushField[] {
  return fieldsOfMessage(message!).filter((name) => name !== unsubscribeField).flatMap((name) => { const field = offer.fields.find(({ label }) => label === name); return field ? [{ ref: field.ref, name }] : [] })
}

/** Ticked fields in the order in which they are offered; without a name they keep their own. */
export function chosenFields(offer: Offer, input: Pick<PushInput, 'fields'>): PushField[] {
  return offer.fields.flatMap(({ ref, label }) => { const chosen = input.fields.find((one) => one.ref === ref); return chosen ? [{ ref, name: chosen.name || label }] : [] })
}

function checkFields(fields: readonly PushField[], idTypes: readonly string[], messages: FieldMessages): void {
  if (fields.length > mostFields) messages['fields'] = `At most ${mostFields} fields can be sent; ${fields.length} are chosen.`
  else if (fields.length && idTypes.length > 1) messages['ids'] = 'Where fields are sent, choose exactly one ID type.'
  for (const [at, problem] of problemsOfNames(fields)) messages[`name-${fields[at]!.ref}`] = problem
}
