import { formFields, sampleFields, type FormField, type Option } from '../../form.ts'
import { formatCount, formatNumber } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import { kindLabels } from '../../destinations/labels.ts'
import type { Message } from '../../destinations/message.ts'
import type { FieldMessages } from '../../problem.ts'
import { scheduleForm, type ScheduleForm } from '../../schedules/form.ts'
import { scheduleInWords, type Schedule } from '../../schedules/schedule.ts'
import type { Destination, DestinationKind } from '../../destinations/destination.ts'
import { chosenFields, scheduleOffer, type PushInput, type Whom } from '../forms.ts'
import { contentInWords, hashLabels } from '../labels.ts'
import type { Offer } from '../offer.ts'
import type { PushContent } from '../push.ts'
import type { Recipients } from '../queries/recipients.ts'

export interface ReviewModel {
  lines: { label: string; text: string }[]
  /** How many have each ID type. */
  figures: { label: string; value: string }[]
  warning: string; submit: string; blocked: boolean
  preview: { subject: string; text: string; called: string } | null; previewProblem: string
  /** Sends a test mail to the operator; '' where there is none. */
  testTo: string
  /** What came of a test mail, or ''. */
  tested: string
}

export interface PushFormModel {
  title: string; back: string; backLabel: string
  hidden: { name: string; value: string }[]
  whom: { alone: boolean; person: string; audience: string } | null
  destinations: Option[]; destinationId: string; destinationError: string
  /** What is said where no destination can be chosen, and where the reader may set one up; or ''. */
  none: string; noneHref: string
  ids: { code: string; name: string; ticked: boolean; fixed: boolean }[]; idsError: string; idsNote: string
  fields: { ref: string; id: string; label: string; ticked: boolean }[] | null; fieldsError: string; fieldCount: string
  names: { ref: string; id: string; label: string; value: string; error: string }[]
  hash: FormField | null; scope: { whole: boolean } | null
  message: FormField[]; placeNames: string[]
  schedule: ScheduleForm | null
  problem: string
  review: ReviewModel | null
}

declare module '../../http/views.ts' {
  interface Views {
    'pushes/new': PushFormModel
    'pushes/_form': PushFormModel
    'pushes/_review': PushFormModel
  }
}

export interface FormContext {
  whom: Whom; called: string; audience: { id: number; name: string }; offer: Offer; destinations: readonly Destination[]; timeZone: string
  typeNames: ReadonlyMap<string, string>; begins: boolean; mayDestinations: boolean
}

export function pushFormModel(input: PushInput, context: FormContext, messages: FieldMessages = {}, review: ReviewModel | null = null): PushFormModel {
  const { whom, offer, audience, destinations, timeZone, typeNames } = context
  const { destination, reach } = offer
  const chosen = chosenFields(offer, input)
  const matching = destination?.kind === 'data_bank'
  const message = reach && destination ? formFields([
    ...(destination.kind === 'email' ? [{ id: 'subject', label: 'Subject', value: input.message?.subject ?? '' }] : []),
    { id: 'text', label: 'Text', control: 'textarea' as const, value: input.message?.text ?? '', help: 'A field is written as {{Name|what stands there where a user has none}}.' }
  ], messages) : []
  return {
    title: `${reach ? 'Reach' : 'Push'} ${whom.person && whom.alone ? context.called : audience.name}`, back: whom.person ? `/users/${whom.person}?side=group` : `/audiences/${audience.id}`, backLabel: whom.person ? context.called : audience.name,
    hidden: [{ name: 'audience', value: String(audience.id) }, ...(whom.person ? [{ name: 'user', value: whom.person }] : []), ...(reach ? [{ name: 'reach', value: '1' }] : [])],
    whom: whom.person ? { alone: whom.alone, person: context.called, audience: audience.name } : null,
    destinations: [{ value: '', label: 'Choose' }, ...destinations.map(({ id, name, kind }) => ({ value: String(id), label: `${name} (${kindLabels[kind]})` }))], destinationId: destination ? String(destination.id) : '', destinationError: context.begins ? '' : messages['destination'] ?? '',
    none: destinations.length ? '' : context.mayDestinations ? `There is no destination for ${reach ? 'this yet: one for e-mail, or a webhook that sends text messages' : 'this yet'}.` : 'There is no destination that you may use for this. An administrator sets one up under Settings > Destinations and says who may use it.',
    noneHref: destinations.length || !context.mayDestinations ? '' : '/settings/destinations',
    ids: destination ? offer.idTypes.map(({ type }) => ({ code: type, name: typeNames.get(type) ?? type, ticked: reach || input.idTypes.includes(type), fixed: reach })) : [], idsError: messages['ids'] ?? '',
    idsNote: !destination ? '' : idsNote(destination.kind, reach),
    fields: destination && !reach && !matching ? offer.fields.map(({ ref, label }) => ({ ref, id: `field-${ref.replace(':', '-')}`, label, ticked: chosen.some((one) => one.ref === ref) })) : null,
    fieldsError: messages['fields'] ?? '', fieldCount: formatCount(chosen.length, 'field'),
    names: destination && !reach && !matching ? chosen.map(({ ref, name }) => ({ ref, id: `name-${ref}`, label: offer.fields.find((field) => field.ref === ref)!.label, value: name, error: messages[`name-${ref}`] ?? '' })) : [],
    hash: matching ? formFields([{ id: 'hash', label: 'Values are hashed by', control: 'select', value: input.hash ?? 'md5', options: Object.entries(hashLabels).map(([value, label]) => ({ value, label })), help: 'Plain and AES values are hashed after they were normalised; a value that came hashed the other way is left out and counted.' }])[0]! : null,
    scope: destination && !matching && !whom.alone ? { whole: input.scope === 'whole' } : null,
    message, placeNames: reach && destination ? offer.fields.map(({ label }) => label) : [],
    schedule: destination && !whom.alone ? scheduleForm(scheduleOffer(timeZone), null, messages, context.begins ? undefined : input.body) : null,
    problem: Object.keys(messages).length && !context.begins ? 'Nothing was set up yet: look at what is marked below.' : '', review
  }
}

function idsNote(kind: DestinationKind, reach: boolean): string {
  if (reach) return kind === 'email' ? 'Mails go to the e-mail address of each user; one mail per address.' : 'Messages go to the mobile number of each user.'
  if (kind === 'kafka') return 'IDs go as they came, with their encryption; AES values are not decrypted.'
  if (kind === 'webhook') return 'AES values go decrypted; hashes go as they are.'
  return 'Each type makes a file of its own.'
}

export interface ReviewContext { destination: Destination; content: PushContent; schedule: Schedule | null; recipients: Recipients | null; preview: { message: Message; called: string } | null; previewProblem: string; email: string }

/** What will happen, in numbers, before it happens. */
export function reviewModel({ whom, called, audience }: FormContext, { destination, content, schedule, recipients, preview, previewProblem, email }: ReviewContext): ReviewModel {
  const change = content.scope === 'change'
  const bounds = destination.kind === 'data_bank' ? destination.settings : null
  const few = bounds !== null && recipients !== null && recipients.reached < bounds.least
  const many = bounds !== null && recipients !== null && recipients.reached > bounds.most
  const users = recipients ? formatCount(recipients.reached, 'user') : 'these users'
  return {
    lines: [
      { label: 'To', text: `${destination.name} (${kindLabels[destination.kind]})` },
      { label: 'Whom', text: whom.alone ? `${called} alone` : change ? `Who came into ${audience.name} since the last run${content.message ? '' : ', and who left it'}; the first run sends everybody` : `Everybody in ${audience.name}` },
      { label: 'What', text: contentInWords(content) }, { label: 'When', text: schedule ? scheduleInWords(schedule) : 'Once, now' }
    ],
    figures: recipients ? [{ label: whom.alone ? 'user' : 'members whom you see', value: formatNumber(recipients.users) }, ...Object.entries(recipients.byType).map(([type, count]) => ({ label: `with ${type}`, value: formatNumber(count) }))] : [],
    warning: few ? `The receiver takes ${formatCount(bounds!.least, 'user')} or more.` : many ? `The receiver takes ${formatCount(bounds!.most, 'user')} or fewer.` : recipients === null ? 'They could not be counted in time; the record of the run says how many they were.' : recipients.reached < recipients.users ? `${formatCount(recipients.users - recipients.reached, 'user has', 'users have')} none of these IDs and will be left out.` : '',
    submit: schedule ? 'Set up' : destination.kind === 'data_bank' ? `Make the file of ${users}` : `${content.message ? 'Write to' : 'Send'} ${users}`, blocked: few || many || recipients?.reached === 0,
    preview: preview ? { ...preview.message, called: preview.called } : null, previewProblem, testTo: destination.kind === 'email' && preview ? email : '', tested: ''
  }
}

const schedule = scheduleForm(scheduleOffer('UTC'), null)
const model: PushFormModel = {
  title: 'Push Spring letter', back: '/audiences/3', backLabel: 'Spring letter', hidden: [{ name: 'audience', value: '3' }], whom: { alone: true, person: '王芳', audience: 'Spring letter' },
  destinations: [{ value: '', label: 'Choose' }, { value: '2', label: 'Events (Kafka)' }], destinationId: '2', destinationError: '', none: '', noneHref: '', ids: [{ code: 'MOBILE', name: 'Mobile', ticked: true, fixed: false }, { code: 'EMAIL', name: 'Email', ticked: false, fixed: true }], idsError: '', idsNote: 'IDs go as they came.',
  fields: [{ ref: 'attribute:city', id: 'field-attribute-city', label: 'City', ticked: true }, { ref: 'tag:3', id: 'field-tag-3', label: 'Likes', ticked: false }], fieldsError: '', fieldCount: '1 field', names: [{ ref: 'attribute:city', id: 'name-attribute:city', label: 'City', value: 'city', error: '' }, { ref: 'tag:3', id: 'name-tag:3', label: 'Likes', value: 'city', error: 'Two fields cannot have one name.' }],
  hash: sampleFields.find((field) => field.id === 'select-plain')!, scope: { whole: true }, message: sampleFields.filter((field) => field.control === 'textarea'), placeNames: ['City'], schedule, problem: '', review: null
}
const review: ReviewModel = { lines: [{ label: 'To', text: 'Events (Kafka)' }], figures: [{ label: 'with MOBILE', value: '1,204' }], warning: '3 users have none of these IDs and will be left out.', submit: 'Send 1,204 users', blocked: false, preview: { subject: 'Hello', text: 'Hello 王芳', called: '王芳' }, previewProblem: '', testTo: 'lin@example.com', tested: 'A test mail was sent.' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'pushes/new': [model, { ...model, review }],
  'pushes/_form': [model, { ...model, whom: { alone: false, person: '王芳', audience: 'Spring letter' }, scope: { whole: false }, destinationError: 'Choose one.', idsError: 'Choose one.', fieldsError: 'Too many.', problem: 'Nothing was set up.' }, { ...model, whom: null, destinations: [], none: 'None.', noneHref: '/settings/destinations', ids: [], idsNote: '', fields: null, names: [], hash: null, scope: null, message: [], placeNames: [], schedule: null }],
  'pushes/_review': [{ ...model, review }, { ...model, review: { ...review, figures: [], warning: '', blocked: true, preview: null, previewProblem: 'There is no such user.', testTo: '', tested: '' } }]
}
