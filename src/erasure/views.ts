import { formatNumber, formatTime } from '../format.ts'
import type { Samples } from '../http/views.ts'
import type { Erasure } from './queries.ts'

export interface ConfirmModel { id: string; called: string; back: string; action: string; typed: string; error: string; notes: string[] }
export interface ErasuresModel {
  facts: string; nextUrl: string; firstUrl: string
  rows: { user: string; by: string; at: string; rows: string; state: { text: string; tone: '' | 'good' | 'warn' }; jobUrl: string; liftUrl: string }[]
}

declare module '../http/views.ts' {
  interface Views {
    'erasure/confirm': ConfirmModel
    'erasure/list': ErasuresModel
  }
}

const notes = [
  'All rows of this person in every source, with their IDs, tags and attributes, also in sources that you do not see.',
  'What was set by hand, every change of it in the history, rejected rows, and what undo of imports kept.',
  'Files that wait to be imported, and files of finished exports: whoever needs them makes them again.',
  'Kept are keyed digests of the source keys and of IDs that nobody else has, so that later imports leave the person out; and that this was done, when and by whom.',
  'Not reached are backups, and files that were downloaded before.'
]

export function confirmModel(id: string, called: string, typed = '', error = ''): ConfirmModel {
  return { id, called, back: `/users/${id}`, action: `/users/${id}/erasure`, typed, error, notes }
}

export function erasuresModel(erasures: readonly Erasure[], { timeZone, more, later }: { timeZone: string; more: boolean; later: boolean }): ErasuresModel {
  const shown = more ? erasures.slice(0, -1) : erasures
  return {
    facts: 'People who were erased, by the number they had', firstUrl: later ? '/settings/erasures' : '', nextUrl: more ? `/settings/erasures?before=${shown.at(-1)?.id ?? 0}` : '',
    rows: shown.map((one) => ({
      user: one.userId, by: one.operator ?? 'command line', at: formatTime(one.doneAt ?? one.askedAt, timeZone), rows: formatNumber(one.rows), state: stateOf(one),
      jobUrl: one.doneAt === null && one.jobId !== null ? `/settings/jobs/${one.jobId}` : '', liftUrl: one.doneAt !== null && one.liftedAt === null ? `/settings/erasures/${one.id}/lifting` : ''
    }))
  }
}

function stateOf({ doneAt, liftedAt }: Erasure): ErasuresModel['rows'][number]['state'] {
  if (doneAt === null) return { text: 'under way', tone: 'warn' }
  return liftedAt === null ? { text: 'left out of imports', tone: 'good' } : { text: 'may come back', tone: '' }
}

const when = new Date('2026-11-24T02:00:00Z')
const erasure: Erasure = { id: 3, userId: '1207', operator: 'Lin Yating', jobId: 9, rows: 2, askedAt: when, doneAt: when, liftedAt: null }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'erasure/confirm': [confirmModel('1207', '王芳'), confirmModel('1207', '王芳', '1208', 'This is not the number. Nothing was erased.')],
  'erasure/list': [
    erasuresModel([erasure, { ...erasure, id: 2, doneAt: null }, { ...erasure, id: 1, liftedAt: when }, erasure], { timeZone: 'UTC', more: true, later: true }), erasuresModel([], { timeZone: 'UTC', more: false, later: false })
  ]
}
