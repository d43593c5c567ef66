import type { Access } from '../../access/access.ts'
import { formatNumber, formatTime } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import type { StateLabel } from '../../jobs/labels.ts'
import type { KeptSchedule } from '../../schedules/queries.ts'
import { scheduleInWords } from '../../schedules/schedule.ts'
import { contentInWords, contentSeen, runLabels } from '../labels.ts'
import type { Push, PushRun } from '../push.ts'

export interface PushLine { id: number; href: string; whom: string; destination: string; what: string; who: string; repeats: string; next: string; when: string; sent: string; state: StateLabel }
export interface PushListModel { lines: PushLine[]; heading: string; facts: string; all: boolean; empty: string; back: { href: string; label: string } | null; firstUrl: string; nextUrl: string }

declare module '../../http/views.ts' {
  interface Views { 'pushes/list': PushListModel }
}

export interface ListContext {
  access: Access; operatorId: number; timeZone: string; all: boolean; audience: { id: number; name: string } | null; later: boolean; more: boolean
  runs: ReadonlyMap<number, PushRun>; schedules: ReadonlyMap<number, KeptSchedule>
}

export function pushListModel(pushes: readonly Push[], context: ListContext): PushListModel {
  const { audience, all, later, more } = context
  const last = pushes.at(-1)
  const at = audience ? `/pushes?audience=${audience.id}` : '/pushes'
  return {
    lines: pushes.map((push) => lineOf(push, context)), heading: audience ? `Pushes of ${audience.name}` : 'Pushes', facts: all ? 'What is sent where, by everybody' : 'What you send where', all,
    empty: later ? 'Nothing comes after this.' : audience ? 'It was not pushed yet.' : 'Nothing was pushed yet. Push stands on the page of an audience.', back: audience ? { href: `/audiences/${audience.id}`, label: audience.name } : null,
    firstUrl: later ? at : '', nextUrl: more && last ? `${at}${audience ? '&' : '?'}before=${last.id}` : ''
  }
}

function lineOf(push: Push, context: ListContext): PushLine {
  const { access, operatorId, timeZone } = context
  const run = context.runs.get(push.id)
  const kept = context.schedules.get(push.id)
  const own = push.operator.id === operatorId
  return {
    id: push.id, href: `/pushes/${push.id}`, whom: whomOf(push, access, own), destination: push.destination.name, what: own ? contentInWords(push, false) : contentSeen(access, push), who: push.operator.name,
    repeats: push.endedAt ? 'ended' : kept ? scheduleInWords(kept.schedule) : 'once', next: kept?.nextAt && !push.paused ? formatTime(kept.nextAt, timeZone) : '', when: run ? formatTime(run.at, timeZone) : '',
    sent: run && (own || access.everyUser) ? formatNumber(run.sent) : '', state: push.paused ? { text: 'paused', tone: 'bad' } : run ? runLabels[run.state] : { text: 'waits for its time', tone: '' }
  }
}

/** Whom a push sends, as far as a reader may know of it: the name of a private audience of somebody else is not told. */
export function whomOf({ person, audience }: Push, access: Access, own: boolean): string {
  const name = own || (audience.id !== null && access.audience(audience.id)) ? audience.name : 'a private audience'
  if (person === null) return name
  return own && person !== '0' ? `User ${person} of ${name}` : `One user of ${name}`
}

const line: PushLine = { id: 4, href: '/pushes/4', whom: 'Spring letter', destination: 'Events', what: 'MOBILE with 2 fields', who: 'Lin Yating', repeats: 'Every day at 06:00', next: '2026-11-26 06:00', when: '2026-11-25 06:00', sent: '1,204', state: runLabels.done }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'pushes/list': [
    { lines: [line, { ...line, id: 3, next: '', when: '', sent: '', state: runLabels.waiting }], heading: 'Pushes', facts: 'What is sent where', all: true, empty: '', back: null, firstUrl: '/pushes', nextUrl: '/pushes?before=3' },
    { lines: [], heading: 'Pushes of Spring letter', facts: 'What you send where', all: false, empty: 'It was not pushed yet.', back: { href: '/audiences/3', label: 'Spring letter' }, firstUrl: '', nextUrl: '' }
  ]
}
