import type { May } from '../../access/permissions.ts'
import { formFields, type FormField } from '../../form.ts'
import { formatCount, formatDuration, formatTime } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import { isOpen, kindLabels, stateLabels, titleFor, type StateLabel } from '../labels.ts'
import type { JobFilter, ListedJob } from '../queries/list-jobs.ts'
import { mayRetry, whyNoRetry } from '../retry.ts'
import { progressOf } from '../views.ts'

export interface JobLine {
  id: number; href: string; title: string; kind: string; state: StateLabel; stage: string
  /** Of an open one; null before its size is known. */
  progress: { max: number; value: number; text: string } | null
  by: string; started: string; took: string
  /** Addresses to post to, or ''. */
  cancelUrl: string; retryUrl: string; cancelling: boolean
}

export interface JobsModel {
  facts: string; filter: FormField[]; filtered: boolean; jobs: JobLine[]; empty: string; firstUrl: string; nextUrl: string
  /** Where the list is asked for again while something in it goes on, or ''. */
  pollUrl: string
}

declare module '../../http/views.ts' {
  interface Views {
    'jobs/jobs': JobsModel
    'jobs/_jobs': Omit<JobsModel, 'facts' | 'filter' | 'filtered'>
  }
}

export interface JobsState {
  filter: JobFilter; before: number | null; more: boolean; open: number; timeZone: string
  /** Who reads, what they may do, and whether nothing is hidden from them. */
  operatorId: number; may: May; everything: boolean
}

export function jobsModel(jobs: readonly ListedJob[], state: JobsState): JobsModel {
  const { filter, before, more, may } = state
  const others = may('jobs')
  const filtered = filter.state !== null || filter.kind !== null || (others && filter.operatorId !== null)
  const url = (from: number | null) => {
    const fields = Object.entries({ state: filter.state, kind: filter.kind, whose: others && filter.operatorId !== null ? 'mine' : null, before: from }).filter(([, value]) => value !== null).map(([name, value]): [string, string] => [name, String(value)])
    return `/settings/jobs${fields.length ? `?${new URLSearchParams(fields).toString()}` : ''}`
  }
  const lines = jobs.map((job) => lineOf(job, state))
  return {
    facts: state.open ? `${formatCount(state.open, 'job')} ${state.open === 1 ? 'waits or runs' : 'wait or run'}` : 'Nothing waits or runs', filter: filterFields(filter, others), filtered, jobs: lines,
    empty: jobs.length ? '' : before !== null ? 'Nothing comes after this.' : filtered ? 'No job is like this.' : 'Nothing was begun yet. Imports, exports, batches and whatever else takes its time is listed here.',
    firstUrl: before === null ? '' : url(null), nextUrl: more ? url(jobs.at(-1)?.id ?? null) : '', pollUrl: jobs.some(({ status }) => isOpen(status)) ? url(before) : ''
  }
}

function filterFields({ state, kind, operatorId }: JobFilter, others: boolean): FormField[] {
  const select = (id: string, label: string, value: string | null, options: { value: string; label: string }[]) => ({ id, label, control: 'select' as const, value: value ?? '', options: [{ value: '', label: id === 'whose' ? 'everybody’s' : 'all' }, ...options] })
  const states = [{ value: 'open', label: 'waiting or running' }, { value: 'bad', label: 'failed, stopped or cancelled' }, ...Object.entries(stateLabels).map(([value, { text }]) => ({ value, label: text }))]
  return formFields([
    select('state', 'State', state, states), select('kind', 'Kind', kind, Object.entries(kindLabels).map(([value, label]) => ({ value, label }))),
    ...(others ? [select('whose', 'Whose', operatorId === null ? null : 'mine', [{ value: 'mine', label: 'mine' }])] : [])
  ])
}

function lineOf(job: ListedJob, { timeZone, operatorId, may, everything }: JobsState): JobLine {
  const own = job.operator_id === operatorId
  const open = isOpen(job.status)
  const running = job.status === 'running' ? progressOf(job) : null
  return {
    id: job.id, href: job.runId !== null && may('imports') ? `/settings/imports/${job.runId}` : `/settings/jobs/${job.id}`, title: titleFor(job, { own, may, everything }), kind: kindLabels[job.kind] ?? job.kind, state: stateLabels[job.status],
    stage: running?.stage ?? '', progress: running && running.amount ? { max: running.max, value: running.value, text: running.percent } : null,
    by: job.operator ?? (job.origin === 'command' ? 'a command' : 'the console'), started: formatTime(job.started_at ?? job.created_at, timeZone),
    took: job.started_at && job.ended_at ? formatDuration(job.ended_at.getTime() - job.started_at.getTime()) : '–',
    cancelUrl: open ? `/settings/jobs/${job.id}/cancellation` : '', retryUrl: mayRetry(job, own, may) && whyNoRetry(job) === '' ? `/settings/jobs/${job.id}/retry` : '', cancelling: open && job.cancel_requested
  }
}

const line: JobLine = {
  id: 7, href: '/settings/jobs/7', title: 'Import of Shop members', kind: 'Import', state: stateLabels.running, stage: 'Check rows', progress: { max: 100, value: 40, text: '40%' }, by: 'Lin Yating', started: '2026-11-24 10:00', took: '–',
  cancelUrl: '/settings/jobs/7/cancellation', retryUrl: '', cancelling: false
}
const failed: JobLine = { ...line, id: 6, state: stateLabels.failed, stage: '', progress: null, took: '2.0 s', cancelUrl: '', retryUrl: '/settings/jobs/6/retry' }
const full = { jobs: [line, { ...line, id: 8, progress: null, cancelling: true }, failed], empty: '', firstUrl: '/settings/jobs', nextUrl: '/settings/jobs?before=6', pollUrl: '/settings/jobs' }
const none = { jobs: [], empty: 'Nothing was begun yet.', firstUrl: '', nextUrl: '', pollUrl: '' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'jobs/jobs': [{ ...full, facts: '2 jobs wait or run', filter: filterFields({ state: 'open', kind: null, operatorId: null }, true), filtered: true }, { ...none, facts: 'Nothing waits or runs', filter: filterFields({ state: null, kind: null, operatorId: 1 }, false), filtered: false }],
  'jobs/_jobs': [full, none]
}
