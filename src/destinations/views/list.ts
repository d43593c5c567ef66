import type { Role } from '../../access/role.ts'
import { formatTime } from '../../format.ts'
import { destinationKinds, type Destination } from '../destination.ts'
import { kindLabels, kindTexts } from '../labels.ts'
import { addressIn } from '../senders/compose-mail.ts'

export interface DestinationRow { href: string; name: string; kind: string; where: string; roles: string; state: { text: string; tone: '' | 'good' | 'bad' }; when: string; problem: string }
export interface ListModel { rows: DestinationRow[] }
export interface ChoiceModel { kinds: { href: string; label: string; text: string }[] }

export function listModel(destinations: readonly Destination[], roles: readonly Role[], timeZone: string): ListModel {
  return { rows: destinations.map((one) => ({
    href: `/settings/destinations/${one.id}`, name: one.name, kind: kindLabels[one.kind], where: placeOf(one), roles: ['Administrators', ...roles.filter((role) => one.roleIds.includes(role.id)).map((role) => role.name)].join(', '),
    state: one.kind === 'data_bank' ? { text: 'a file', tone: '' } : one.testProblem === null ? { text: 'not tested', tone: '' } : one.testProblem ? { text: 'failed', tone: 'bad' } : { text: 'works', tone: 'good' },
    when: one.testedAt ? formatTime(one.testedAt, timeZone) : '', problem: one.testProblem ?? ''
  })) }
}

function placeOf(one: Destination): string {
  if (one.kind === 'kafka') return `${one.settings.topic} at ${one.settings.brokers.join(', ')}`
  if (one.kind === 'webhook') return one.settings.url
  if (one.kind === 'email') return [addressIn(one.settings.from), one.settings.ownServer ? `by ${one.settings.host}` : 'by the server of the console'].filter(Boolean).join(' ')
  return 'to download'
}

export const choiceModel: ChoiceModel = { kinds: destinationKinds.map((kind) => ({ href: `/settings/destinations/new?kind=${kind}`, label: kindLabels[kind], text: kindTexts[kind] })) }
