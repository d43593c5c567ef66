import type { Access } from '../../access/access.ts'
import type { Option } from '../../form.ts'
import { formatBytes, formatCount, formatNumber, formatTime } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import { isOpen, stateLabels, type StateLabel } from '../../jobs/labels.ts'
import { describeQuery } from '../../users/describe-query.ts'
import { exportColumns } from '../column.ts'
import { hoursText, keepingHours } from '../keeping.ts'
import type { Export } from '../queries.ts'
import { stillSees } from '../sight.ts'

export interface ExportLine {
  id: number; when: string; who: string; query: string; columns: string; columnNames: string; rows: string; size: string
  state: StateLabel; problem: string; until: string; fileUrl: string; jobUrl: string
}

export interface ExportListModel { lines: ExportLine[]; all: boolean; empty: string; kept: string; hours: Option[]; chosenHours: string; firstUrl: string; nextUrl: string }

declare module '../../http/views.ts' {
  interface Views { 'exports/list': ExportListModel }
}

export interface ListOptions { access: Access; timeZone: string; operatorId: number; all: boolean; mayFetch: boolean; keptHours: number; more: boolean; later: boolean }

export function listModel(exports: readonly Export[], options: ListOptions): ExportListModel {
  const last = exports.at(-1)
  return {
    lines: exports.map((one) => lineOf(one, options)), all: options.all,
    empty: options.later ? 'Nothing comes after this.' : options.all ? 'Nobody has exported users yet.' : 'You have not exported users yet.',
    kept: `Files are kept for ${hoursText(options.keptHours)} and can be fetched only by who exported them`,
    hours: options.all ? keepingHours.map((hours) => ({ value: String(hours), label: hoursText(hours) })) : [], chosenHours: String(options.keptHours),
    firstUrl: options.later ? '/settings/exports' : '', nextUrl: options.more && last ? `/settings/exports?before=${last.id}` : ''
  }
}

/** What a reader may know of an export: of one that is not theirs, no name of what they do not see, and no count of people that they do not see. */
function lineOf(one: Export, options: ListOptions): ExportLine {
  const own = one.operatorId === options.operatorId
  const counts = own || options.access.everyUser
  const asked = describeQuery(options.access, one.query, own)
  const names = exportColumns(options.access, one.items).map(({ name }) => name)
  return {
    id: one.id, when: formatTime(one.at, options.timeZone), who: one.operator, query: asked.length ? asked.join('; ') : 'Everybody',
    columns: formatCount(one.columns?.length ?? names.length, 'column'), columnNames: names.join(', '), rows: one.rows === null || !counts ? '' : formatNumber(one.rows), size: one.bytes === null || !counts ? '' : formatBytes(one.bytes),
    ...stateOf(one, own, options)
  }
}

function stateOf(one: Export, own: boolean, { access, mayFetch, keptHours, timeZone, all }: ListOptions): Pick<ExportLine, 'state' | 'problem' | 'until' | 'fileUrl' | 'jobUrl'> {
  const none = { problem: '', until: '', fileUrl: '', jobUrl: '' }
  if (isOpen(one.status)) return { ...none, state: stateLabels[one.status], jobUrl: own || all ? `/settings/jobs/${one.jobId}` : '' }
  if (one.status !== 'done') return { ...none, state: stateLabels[one.status], problem: one.error ?? '' }
  const ends = (one.madeAt?.getTime() ?? 0) + keptHours * 3_600_000
  if (one.file === null || ends <= Date.now()) return { ...none, state: { text: 'deleted', tone: '' } }
  const fetched = own && mayFetch && (one.sight === null || stillSees(access, one.sight))
  return { ...none, state: stateLabels.done, until: `until ${formatTime(new Date(ends), timeZone)}`, fileUrl: fetched ? `/exports/${one.id}/file` : '' }
}

const line: ExportLine = {
  id: 7, when: '2026-11-24 10:00', who: 'Lin Yating', query: 'City is Berlin', columns: '14 columns', columnNames: 'User ID, Name', rows: '1,204', size: '1.2 MB', state: stateLabels.done, problem: '', until: 'until 2026-11-25 10:00', fileUrl: '/exports/7/file', jobUrl: ''
}
const list: ExportListModel = { lines: [line, { ...line, id: 8, state: stateLabels.running, problem: 'It failed.', until: '', fileUrl: '', jobUrl: '/settings/jobs/8', rows: '', size: '' }], all: true, empty: '', kept: 'Files are kept for 24 hours', hours: [{ value: '24', label: '24 hours' }, { value: '1', label: '1 hour' }], chosenHours: '24', firstUrl: '/settings/exports', nextUrl: '/settings/exports?before=7' }

/** Models for each view, to render it alone. */
export const samples: Samples = { 'exports/list': [list, { ...list, lines: [], all: false, empty: 'You have not exported users yet.', hours: [], firstUrl: '', nextUrl: '' }] }
