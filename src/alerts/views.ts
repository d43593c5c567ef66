import { sampleFields, type FormField } from '../form.ts'
import { formatTime } from '../format.ts'
import type { Samples } from '../http/views.ts'
import type { Alert } from './queries.ts'

export interface AlertLine { id: number; message: string; href: string; when: string; times: string; state: { text: string; tone: '' | 'bad' }; open: boolean; ended: string }
export interface AlertsModel { lines: AlertLine[]; empty: string; addresses: FormField; firstUrl: string; nextUrl: string }

declare module '../http/views.ts' {
  interface Views { 'alerts/list': AlertsModel }
}

export function alertsModel(alerts: readonly Alert[], { timeZone, addresses, later, more }: { timeZone: string; addresses: FormField; later: boolean; more: boolean }): AlertsModel {
  return {
    lines: alerts.map((alert) => ({
      id: alert.id, message: alert.message, href: alert.href ?? '', when: formatTime(alert.lastAt, timeZone), times: alert.times > 1 ? `${alert.times} times since ${formatTime(alert.raisedAt, timeZone)}` : '',
      state: alert.endedAt === null ? { text: 'open', tone: 'bad' } : { text: alert.endedBy === null ? 'mended' : 'dismissed', tone: '' }, open: alert.endedAt === null,
      ended: alert.endedAt === null ? '' : `${alert.endedBy === null ? 'It worked again' : `By ${alert.endedBy}`}, ${formatTime(alert.endedAt, timeZone)}`
    })),
    empty: later ? 'Nothing comes after this.' : 'Nothing went wrong while nobody looked.', addresses,
    firstUrl: later ? '/settings/alerts' : '', nextUrl: more && alerts.length ? `/settings/alerts?before=${alerts.at(-1)!.id}` : ''
  }
}

const line: AlertLine = { id: 3, message: 'The import of Shop members failed: the database did not answer.', href: '/settings/sources/1', when: '2026-11-25 06:30', times: '4 times since 2026-11-24 06:30', state: { text: 'open', tone: 'bad' }, open: true, ended: '' }
const model: AlertsModel = { lines: [line, { ...line, id: 2, href: '', times: '', open: false, state: { text: 'mended', tone: '' }, ended: 'It worked again, 2026-11-25 07:30' }], empty: '', addresses: sampleFields.find((field) => field.id === 'textarea-plain')!, firstUrl: '/settings/alerts', nextUrl: '/settings/alerts?before=2' }

/** Models for each view, to render it alone. */
export const samples: Samples = { 'alerts/list': [model, { ...model, lines: [], empty: 'Nothing went wrong.', firstUrl: '', nextUrl: '' }] }
