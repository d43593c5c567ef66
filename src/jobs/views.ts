import type { May } from '../access/permissions.ts'
import { formatDuration, formatNumber, formatTime } from '../format.ts'
import type { Samples } from '../http/views.ts'
import { figureLabels, goesOut, homeOfKind, isOpen, stateLabels, titleFor, type StateLabel } from './labels.ts'
import type { JobRow } from './queries.ts'
import type { ListedJob } from './queries/list-jobs.ts'
import { mayRetry, whyNoRetry } from './retry.ts'

export interface JobModel {
  id: number; title: string; state: StateLabel; facts: string; pollUrl: string
  progress: { max: number; value: number; percent: string; stage: string; amount: string } | null
  cancelUrl: string; cancelling: boolean; problem: string
  /** Where it is begun anew, or ''; `noRetry` says why it cannot be. */
  retryUrl: string; noRetry: string
  figures: { label: string; value: string }[]; home: { href: string; label: string }
  /** What can be done about the result. */
  lines: { text: string; href: string; label: string }[]
}

declare module '../http/views.ts' {
  interface Views {
    'jobs/job': JobModel
    'jobs/_job': JobModel
  }
}

/** `own`: the reader ordered the job. */
export function jobModel(job: ListedJob, { timeZone, own, may, everything }: { timeZone: string; own: boolean; may: May; everything: boolean }): JobModel {
  const open = isOpen(job.status)
  const bad = !open && job.status !== 'done'
  const refusal = bad && mayRetry(job, own, may) ? whyNoRetry(job) : undefined
  const result = (job.result ?? {}) as Record<string, unknown>
  return {
    id: job.id, title: titleFor(job, { own, may, everything }), state: stateLabels[job.status], facts: factsOf(job, timeZone), pollUrl: open ? `/settings/jobs/${job.id}` : '',
    progress: open ? progressOf(job) : null, cancelUrl: open ? `/settings/jobs/${job.id}/cancellation` : '', cancelling: open && job.cancel_requested,
    problem: job.status === 'cancelled' ? `It was cancelled${goesOut.has(job.kind) ? '. What had been sent stays sent.' : ' and changed nothing.'}` : (job.error ?? ''),
    retryUrl: refusal === '' ? `/settings/jobs/${job.id}/retry` : '', noRetry: refusal ?? '',
    figures: job.status === 'done' ? Object.entries(figureLabels).flatMap(([name, label]) => (typeof result[name] === 'number' ? [{ label, value: formatNumber(result[name]) }] : [])) : [],
    lines: job.status === 'done' ? linesOf(job.kind, result, own, may) : bad ? pushLine(job, own, may) : [],
    home: homeOf(job, may)
  }
}

/** A job about one run leads back to that run, one about an exception of ID mapping to the list of these. */
function homeOf(job: JobRow, may: May): JobModel['home'] {
  const runId = (job.payload as { runId?: unknown } | null)?.runId
  if (typeof runId === 'number' && may('imports')) return { href: `/settings/imports/${runId}`, label: `Run ${runId}` }
  if (job.kind === 'remap' && (job.payload as { act?: unknown } | null)?.act && may('id_types')) return { href: '/settings/refused-joins', label: 'Refused joins' }
  const home = homeOfKind[job.kind]
  return home && may(home.permission) ? { href: home.href, label: home.label } : { href: '/settings', label: 'Settings' }
}

function linesOf(kind: string, result: Record<string, unknown>, own: boolean, may: May): JobModel['lines'] {
  const entry = typeof result['entryId'] === 'string' ? result['entryId'] : null
  return [
    ...(own && typeof result['exportId'] === 'number' && (may('user_360.export') || may('audiences.download')) ? [{ text: 'The file is ready.', href: `/exports/${result['exportId']}/file`, label: 'Download' }] : []),
    ...(own && typeof result['pushId'] === 'number' && may('audiences.push') ? [{ text: 'The push keeps a record of its runs.', href: `/pushes/${result['pushId']}`, label: 'Open' }] : []),
    ...(own && typeof result['audienceId'] === 'number' && may('audiences.view') ? [{ text: 'The audience is built.', href: `/audiences/${result['audienceId']}`, label: 'Open' }] : []),
    ...(Number(result['joinsRefused']) > 0 && may('id_types') ? [{ text: 'Joins were refused.', href: '/settings/refused-joins', label: 'Review' }] : []),
    ...(entry && may('history') ? [{ text: 'It stands in the history.', href: `/settings/history/${entry}`, label: 'See the entry' }] : []),
    ...(entry && kind === 'batch' && may('user_360.undo') ? [{ text: 'It can be taken back as a whole.', href: `/history/${entry}/undo`, label: 'Undo' }] : [])
  ]
}

/** A push goes on where it was, not from its beginning. */
function pushLine(job: JobRow, own: boolean, may: May): JobModel['lines'] {
  const pushId = job.kind === 'push' ? (job.payload as { pushId?: unknown } | null)?.pushId : undefined
  return own && typeof pushId === 'number' && may('audiences.push') ? [{ text: 'The push keeps a record of its runs, and can be continued there.', href: `/pushes/${pushId}`, label: 'Open' }] : []
}

function factsOf(job: JobRow & { operator: string | null }, timeZone: string): string {
  const took = job.started_at && job.ended_at ? formatDuration(job.ended_at.getTime() - job.started_at.getTime()) : ''
  return [formatTime(job.started_at ?? job.created_at, timeZone), took, job.operator ? `by ${job.operator}` : ''].filter(Boolean).join(', ')
}

/** How far an open job is; `amount` is '' where its size is not known yet. */
export function progressOf(job: JobRow): NonNullable<JobModel['progress']> {
  const total = Number(job.total)
  const done = Math.min(Number(job.done), total)
  return {
    max: Math.max(1, total), value: done, percent: `${total > 0 ? Math.floor((done / total) * 100) : 0}%`,
    stage: job.status === 'waiting' ? 'It waits until another job is done.' : (job.stage ?? 'starting'), amount: total > 0 ? `${formatNumber(done)} of ${formatNumber(total)}` : ''
  }
}

const running: JobModel = {
  id: 7, title: 'ID mapping: Mobile changed', state: stateLabels.running, facts: '2026-11-24 10:00, by Lin Yating', pollUrl: '/settings/jobs/7',
  progress: { max: 100, value: 40, percent: '40%', stage: 'ID mapping', amount: '40 of 100' }, cancelUrl: '/settings/jobs/7/cancellation', cancelling: false, problem: '', retryUrl: '', noRetry: '', figures: [], lines: [],
  home: { href: '/settings/id-types', label: 'ID types' }
}

const ended: JobModel = { ...running, state: stateLabels.done, pollUrl: '', progress: null, cancelUrl: '' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'jobs/job': [
    running, { ...running, cancelling: true, state: stateLabels.waiting }, ended, { ...ended, figures: [{ label: 'users joined', value: '12' }], lines: [{ text: 'Joins were refused.', href: '/settings/refused-joins', label: 'Review' }] },
    { ...ended, state: stateLabels.failed, problem: 'It failed.', retryUrl: '/settings/jobs/7/retry' }, { ...ended, state: stateLabels.cancelled, problem: 'It was cancelled.', noRetry: 'Its file is not kept any more.' }
  ],
  'jobs/_job': running
}
