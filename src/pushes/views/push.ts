import type { Access } from '../../access/access.ts'
import { formatBytes, formatCount, formatDuration, formatNumber, formatTime } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import type { JobRow } from '../../jobs/queries.ts'
import type { StateLabel } from '../../jobs/labels.ts'
import type { KeptSchedule } from '../../schedules/queries.ts'
import { scheduleInWords } from '../../schedules/schedule.ts'
import { contentInWords, contentSeen, runLabels } from '../labels.ts'
import { isUnderWay, type Push, type PushRun } from '../push.ts'
import { whomOf } from './list.ts'

export interface RunModel {
  id: number; heading: string; facts: string; state: StateLabel
  progress: { value: number; percent: string; stage: string; amount: string } | null
  problem: string; figures: { label: string; value: string }[]
  cancelUrl: string; cancelling: boolean; continueUrl: string; againUrl: string; againLabel: string; failuresUrl: string; fileUrl: string; fileLabel: string
}

export interface PushModel {
  id: number; heading: string; facts: string; lines: { label: string; text: string }[]; paused: string
  runUrl: string; resumeUrl: string; endUrl: string; historyUrl: string
  runs: PushRunsModel
}

export interface PushRunsModel { runs: RunModel[]; pollUrl: string; empty: string; firstUrl: string; nextUrl: string }

declare module '../../http/views.ts' {
  interface Views {
    'pushes/push': PushModel
    'pushes/_runs': PushModel
  }
}

export interface PushContext {
  access: Access; operatorId: number; timeZone: string; schedule: KeptSchedule | undefined; job: JobRow | undefined
  /** May do with it what its operator may. */
  own: boolean; mayEnd: boolean; mayFetch: boolean; now: Date
  later: boolean; more: boolean
}

export function pushModel(push: Push, runs: readonly PushRun[], context: PushContext): PushModel {
  const { access, own, mayEnd, schedule, timeZone, later, more } = context
  const at = `/pushes/${push.id}`
  const underWay = runs.some(isUnderWay)
  const open = push.endedAt === null && push.destination.id !== null
  const last = runs.at(-1)
  return {
    id: push.id, heading: `${push.message ? 'Reach' : 'Push'} ${push.id}: ${whomOf(push, access, own)}`, facts: `set up by ${push.operator.name}, ${formatTime(push.createdAt, timeZone)}`,
    lines: [
      { label: 'To', text: push.destination.name }, { label: 'What', text: own ? contentInWords(push) : contentSeen(access, push) }, ...(push.person === null ? [{ label: 'How much', text: push.scope === 'change' ? 'Only the change since the last run' : 'The whole group' }] : []),
      { label: 'When', text: push.endedAt ? `Ended ${formatTime(push.endedAt, timeZone)}` : schedule ? `${scheduleInWords(schedule.schedule)}${schedule.nextAt && !push.paused ? `, next ${formatTime(schedule.nextAt, timeZone)}` : ''}` : 'Once' }
    ],
    paused: push.paused && open ? push.paused : '', runUrl: own && open && !push.paused && !underWay ? `${at}/runs` : '', resumeUrl: own && open && push.paused ? `${at}/resumption` : '', endUrl: mayEnd && push.endedAt === null && !underWay ? `${at}/end` : '',
    historyUrl: push.audience.id !== null && access.audience(push.audience.id) ? `/pushes?audience=${push.audience.id}` : '',
    runs: {
      runs: runs.map((run) => runModel(push, run, context)), pollUrl: underWay && !later ? at : '', empty: later ? 'Nothing comes after this.' : 'It has not run yet.',
      firstUrl: later ? at : '', nextUrl: more && last ? `${at}?before=${last.id}` : ''
    }
  }
}

function runModel(push: Push, run: PushRun, { access, own, mayFetch, timeZone, job, now }: PushContext): RunModel {
  const at = `/pushes/${push.id}/runs/${run.id}`
  const told = own || access.everyUser
  const underWay = isUnderWay(run)
  const done = run.sent + run.refused + run.leftOut
  const percent = run.total ? Math.floor((done / run.total) * 100) : 0
  const goesOn = own && push.endedAt === null && push.paused === null
  const took = run.startedAt ? formatDuration((run.endedAt ?? now).getTime() - run.startedAt.getTime()) : ''
  return {
    id: run.id, heading: `Run ${run.id}`, facts: [formatTime(run.at, timeZone), run.by === null ? 'by its schedule' : `by ${run.by}`, run.againOf === null ? '' : `sends users of run ${run.againOf} again`, underWay ? '' : took].filter(Boolean).join(' · '), state: runLabels[run.state],
    progress: underWay ? { value: percent, percent: `${percent}%`, stage: run.state === 'waiting' ? 'It waits until another job is done.' : job?.stage ?? 'Starting', amount: run.total === null || !told ? '' : `${formatNumber(done)} of ${formatCount(run.total, 'user')}` } : null,
    problem: run.problem ?? '', figures: told && run.total !== null && run.state !== 'skipped' ? figuresOf(push, run, own || access.everything) : [],
    cancelUrl: own && underWay ? `${at}/cancellation` : '', cancelling: run.cancelling, continueUrl: goesOn && run.state === 'interrupted' && (run.open > 0 || run.total === null) ? `${at}/continuation` : '',
    againUrl: goesOn && !underWay && run.failed > 0 ? `${at}/repetition` : '', againLabel: `Send ${formatCount(run.failed, 'user')} again`, failuresUrl: own && run.refused > 0 ? `${at}/failures.csv` : '',
    fileUrl: own && mayFetch && run.file !== null ? `${at}/file` : '', fileLabel: run.bytes === null ? '' : formatBytes(run.bytes)
  }
}

function figuresOf(push: Push, run: PushRun, byType: boolean): RunModel['figures'] {
  return [
    { label: push.hash ? 'users in the file' : 'users sent', value: formatNumber(run.sent) }, ...(run.refused ? [{ label: 'refused', value: formatNumber(run.refused) }] : []), ...(run.leftOut ? [{ label: 'left out: no such ID, or not found', value: formatNumber(run.leftOut) }] : []),
    ...(byType ? Object.entries(run.counts) : []).map(([type, count]) => ({ label: `with ${type}`, value: formatNumber(count) }))
  ]
}

const run: RunModel = {
  id: 9, heading: 'Run 9', facts: '2026-11-25 06:00 · by its schedule · 12 s', state: runLabels.interrupted, progress: null, problem: 'The receiver has a fault (503).', figures: [{ label: 'users sent', value: '1,204' }],
  cancelUrl: '', cancelling: false, continueUrl: '/pushes/4/runs/9/continuation', againUrl: '/pushes/4/runs/9/repetition', againLabel: 'Send 3 users again', failuresUrl: '/pushes/4/runs/9/failures.csv', fileUrl: '/pushes/4/runs/9/file', fileLabel: '1.2 MB'
}
const model: PushModel = {
  id: 4, heading: 'Push 4: Spring letter', facts: 'set up by Lin Yating', lines: [{ label: 'To', text: 'Events' }], paused: 'The account was switched off.', runUrl: '/pushes/4/runs', resumeUrl: '/pushes/4/resumption', endUrl: '/pushes/4/end', historyUrl: '/pushes?audience=3',
  runs: { runs: [run, { ...run, id: 8, state: runLabels.running, progress: { value: 40, percent: '40%', stage: 'Sending', amount: '400 of 1,000 users' }, problem: '', figures: [], cancelUrl: '/pushes/4/runs/9/cancellation', continueUrl: '', againUrl: '', failuresUrl: '', fileUrl: '' }, { ...run, id: 7, state: runLabels.done, cancelUrl: '/pushes/4/runs/9/cancellation', cancelling: true }], pollUrl: '/pushes/4', empty: '', firstUrl: '/pushes/4', nextUrl: '/pushes/4?before=7' }
}
const bare: PushModel = { ...model, paused: '', runUrl: '', resumeUrl: '', endUrl: '', historyUrl: '', runs: { runs: [], pollUrl: '', empty: 'It has not run yet.', firstUrl: '', nextUrl: '' } }

/** Models for each view, to render it alone. */
export const samples: Samples = { 'pushes/push': [model, bare], 'pushes/_runs': [model, bare] }
