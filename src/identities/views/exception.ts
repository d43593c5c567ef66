import type { Access } from '../../access/access.ts'
import { formatCount, formatNumber, formatTime } from '../../format.ts'
import type { ExceptionAct } from '../exception.ts'
import type { ExceptionKind } from '../mapping-settings.ts'
import { mostNamed, type Moved } from '../preview-mapping.ts'
import type { ExceptionPreview } from '../preview-exception.ts'
import type { ListedException } from '../queries/exceptions.ts'
import type { Sample } from '../queries/refused-joins.ts'
import { exceptionAddress, type KeySeal } from '../key-seal.ts'
import { valueOf, type ValueModel } from './refused-value.ts'

export interface PersonModel { name: string; url: string }
export interface ExceptionModel extends ValueModel {
  heading: string; text: string; figures: { label: string; value: string }[]
  /** Who, at most a screenful: a user without an address does not exist yet. */
  lists: { title: string; rows: { who: PersonModel; text: string; other: PersonModel }[]; more: string }[]
  action: string; hidden: { name: string; value: string }[]; submit: string; backUrl: string; problem: string
}

export interface ExceptionRow extends ValueModel { kind: string; by: string; at: string; action: string }

declare module '../../http/views.ts' {
  interface Views { 'identities/exception': ExceptionModel }
}

const headings: Record<ExceptionKind | 'none', string> = { exclude: 'Exclude a value from ID mapping', allow: 'Allow a refused value', none: 'Take an exception back' }
const texts: Record<ExceptionKind | 'none', string> = {
  exclude: 'It joins nobody from now on, in later imports neither. The rows stay as they are.',
  allow: 'It joins all users that have it, whatever speaks against it, in later imports too.',
  none: 'The value is treated like any other again.'
}

/** What an act on one value would do, and whom it would join or split; nothing has happened yet. */
export function exceptionModel(access: Access, act: ExceptionAct, preview: ExceptionPreview, options: { action: string; hidden: Record<string, string>; backUrl: string; problem: string }): ExceptionModel {
  const kind = act.kind ?? 'none'
  const value = valueOf(access, act.idType, preview.sample ? [preview.sample] : [])
  const nobody = preview.usersJoined === 0 && preview.usersSplit === 0
  return {
    ...value, heading: headings[kind], text: `${texts[kind]} ${nobody ? 'With the data of now nobody is joined or split.' : 'Decisions go with their rows, and old user IDs keep leading to the right user. It can be taken back.'}`,
    figures: [{ label: 'users joined into others', value: formatNumber(preview.usersJoined) }, { label: 'users split off', value: formatNumber(preview.usersSplit) }],
    lists: [listOf('joined', preview), listOf('split', preview)].filter((list) => list.rows.length > 0 || list.more),
    action: options.action, hidden: Object.entries(options.hidden).map(([name, text]) => ({ name, value: text })), submit: nobody ? 'OK' : 'OK, apply', backUrl: options.backUrl, problem: options.problem
  }
}

function listOf(how: Moved['how'], { moved, names, usersJoined, usersSplit }: ExceptionPreview): ExceptionModel['lists'][number] {
  const rows = moved.filter((one) => one.how === how)
  const person = (id: string): PersonModel => ({ name: names.get(id) ?? `User ${id}`, url: `/users/${id}` })
  const total = how === 'joined' ? usersJoined : usersSplit
  return {
    title: how === 'joined' ? 'Who would be joined' : 'Who would be split off',
    rows: rows.map((one) => (how === 'joined' ? { who: person(one.user), text: 'becomes part of', other: person(one.other) } : { who: { name: `User ${one.user}`, url: '' }, text: 'stands on its own again, until now part of', other: person(one.other) })),
    more: total > rows.length ? `${formatCount(total - rows.length, rows.length ? 'more user' : 'user')} ${total > mostNamed ? 'beyond these' : 'that you do not see'}.` : ''
  }
}

/** One exception as a line of the list. */
export function exceptionRow(access: Access, one: ListedException, samples: readonly Sample[], { timeZone, seal }: { timeZone: string; seal: KeySeal }): ExceptionRow {
  return {
    ...valueOf(access, one.idType, samples.filter((sample) => sample.idType === one.idType && sample.key === one.key)), kind: one.kind === 'exclude' ? 'excluded' : 'allowed',
    by: one.operator ?? '', at: formatTime(one.at, timeZone), action: exceptionAddress(seal, one.idType, one.key)
  }
}
