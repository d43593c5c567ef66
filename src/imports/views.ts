import type { May } from '../access/permissions.ts'
import type { CatalogSource, IdType } from '../catalog/catalog.ts'
import { formatBytes, formatCount, formatDuration, formatNumber, formatTime } from '../format.ts'
import { tableInWords } from '../connections/table.ts'
import type { KeptSchedule } from '../schedules/queries.ts'
import { scheduleInWords } from '../schedules/schedule.ts'
import type { Origin } from '../sources/origin.ts'
import { isOpen, readingInWords, stages, startedLabels, stateOfRun, type StateLabel } from './labels.ts'
import type { Run } from './queries.ts'
import { figuresOf, linesOf, type CountLine, type Figure } from './views/run-counts.ts'

export interface RunPanel {
  id: number; heading: string; state: StateLabel; facts: string
  cancelUrl: string; cancelling: boolean
  /** Where it can be undone, and where the job is that does it. */
  undoUrl: string; undoingUrl: string
  progress: { stages: { label: string; state: 'done' | 'current' | 'next' }[]; max: number; value: number; percent: string; rows: string; left: string; note: string } | null
  problem: string; figures: Figure[]; lines: CountLine[]
}

export interface RunLine { id: number; href: string; state: StateLabel; started: string; by: string; rows: string; changed: string; rejected: string; cancelUrl: string; current: boolean }

export interface RunsModel {
  /** Where the page asks for its next state; empty where nothing moves any more. */
  pollUrl: string
  source: { alias: string; facts: string; structureUrl: string; importUrl: string; removeUrl: string; notice: string; runUrl: string; everything: boolean; scheduleUrl: string }
  panels: RunPanel[]; runs: RunLine[]; olderUrl: string; details: { label: string; value: string }[]
  /** The signal in the top bar, which changes with the page. */
  signal: { label: string; href: string; percent: number } | null
}

declare module '../http/views.ts' {
  interface Views {
    'imports/runs': RunsModel
    'imports/_runs-changed': RunsModel
  }
}

/** One run as a panel: at work with its progress, or ended with its counts and where they lead. */
export function runPanel(run: Run, options: { timeZone: string; now: Date; reasons: { reason: string; count: number }[]; rejectedKept: boolean; shownRun: number | null; undoable: boolean; undoJob: number | undefined; may: May }): RunPanel {
  const open = isOpen(run.status)
  return {
    id: run.id, heading: `Run ${run.id}`, state: stateOfRun(run), facts: factsOf(run, options.timeZone),
    cancelUrl: open ? `/settings/imports/${run.id}/cancellation` : '', cancelling: open && run.cancelRequested,
    undoUrl: options.undoable && options.undoJob === undefined ? `/settings/imports/${run.id}/undo` : '', undoingUrl: options.undoJob === undefined ? '' : `/settings/jobs/${options.undoJob}`,
    progress: open ? progressOf(run, options) : null, problem: problemOf(run, options.timeZone),
    figures: figuresOf(run), lines: linesOf(run, options)
  }
}

function problemOf(run: Run, timeZone: string): string {
  if (run.undone) return `It was undone${run.undone.at ? ` on ${formatTime(run.undone.at, timeZone)}` : ''}${run.undone.by ? ` by ${run.undone.by}` : ''}. The rows of the source are as they were before it; the counts below are what it had done.`
  return run.status === 'cancelled' ? 'It was cancelled and changed nothing.' : (run.error ?? '')
}

function byWhom(run: Run): string {
  return run.operator ?? startedLabels[run.started]
}

function factsOf(run: Run, timeZone: string): string {
  const took = run.startedAt && run.endedAt ? formatDuration(run.endedAt.getTime() - run.startedAt.getTime()) : ''
  return [
    isOpen(run.status) ? '' : formatTime(run.startedAt ?? run.createdAt, timeZone), took, run.origin ? run.fileName : `${run.fileName} (${formatBytes(run.fileBytes)})`, `by ${byWhom(run)}`, run.whole ? 'the whole table' : ''
  ].filter(Boolean).join(', ')
}

function progressOf(run: Run, { now, shownRun }: { now: Date; shownRun: number | null }): RunPanel['progress'] {
  const at = stages.findIndex((stage) => stage === run.stage)
  const current = run.status === 'running' ? Math.max(0, at) : -1
  const share = run.total > 0 ? Math.min(1, run.done / run.total) : 0
  return {
    stages: stages.map((label, index) => ({ label, state: index < current ? 'done' : index === current ? 'current' : 'next' })),
    max: Math.max(1, run.total), value: Math.min(run.done, Math.max(1, run.total)), percent: run.status === 'waiting' || run.total === 0 ? '' : `${Math.floor(share * 100)}%`,
    rows: run.status === 'waiting' ? 'It begins as soon as no other job is at work.' : run.total > 0 ? `${formatNumber(run.done)} of ${formatCount(run.total, 'row')}` : 'It begins.',
    left: run.status === 'waiting' ? '' : timeLeft(run, share, now),
    note: shownRun === null ? 'Its users appear when this run is done. You can leave this page.' : `Pages show the data of run ${shownRun} until this run is done. You can leave this page.`
  }
}

// The first twentieth says too little about the rest.
function timeLeft(run: Run, share: number, now: Date): string {
  if (!run.startedAt || share < 0.05) return ''
  const elapsed = now.getTime() - run.startedAt.getTime()
  const seconds = Math.round((elapsed / share - elapsed) / 1000)
  if (seconds < 2) return 'a moment left'
  if (seconds < 90) return `about ${seconds < 20 ? seconds : Math.round(seconds / 10) * 10} seconds left`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `about ${minutes} minutes left` : `about ${Math.round(minutes / 60)} hours left`
}

export function runLine(run: Run, timeZone: string, current: boolean): RunLine {
  const number = (value: number | null) => (value === null ? '–' : formatNumber(value))
  const open = isOpen(run.status)
  return {
    id: run.id, href: `/settings/imports/${run.id}`, state: stateOfRun(run), started: formatTime(run.startedAt ?? run.createdAt, timeZone), by: byWhom(run), current,
    rows: number(run.read ?? (open && run.total > 0 ? run.total : null)), changed: open || run.new === null ? '–' : formatNumber((run.new ?? 0) + (run.changed ?? 0)), rejected: number(open ? null : run.rejected),
    cancelUrl: open && !run.cancelRequested ? `/settings/imports/${run.id}/cancellation` : ''
  }
}

/** Where a source comes from by itself, and when. */
export interface Coming { origin: Origin; schedule: KeptSchedule | undefined; aliasOf: (sourceId: number) => string | undefined }

/** The whole page: the source, its runs and what is known about it. A source that was removed has only its runs. */
export function runsModel(
  source: CatalogSource | undefined, runs: Run[], panels: RunPanel[],
  options: { coming: Coming | null; current: Run | undefined; before?: number; more: boolean; timeZone: string; run?: Run; signal: RunsModel['signal']; may: May; idTypes: readonly Pick<IdType, 'code' | 'name'>[] }
): RunsModel {
  const { current } = options
  const id = source?.id ?? current?.sourceId ?? 0
  const url = options.run ? `/settings/imports/${options.run.id}` : `/settings/sources/${id}`
  const usable = source && !source.removing
  const shown = options.more ? runs.slice(0, -1) : runs
  return {
    pollUrl: (current && isOpen(current.status)) || source?.removing || panels.some((panel) => panel.undoingUrl) ? url : '',
    source: {
      alias: source?.alias ?? current?.alias ?? '', facts: source ? (source.rowsTable ? `source, ${formatCount(source.rowCount, 'row')}, ${formatCount(source.userCount, 'user')}` : 'source, nothing imported yet') : 'source, removed',
      structureUrl: usable && options.may('sources') ? `/settings/sources/${id}/structure` : '', importUrl: usable ? `/settings/sources/${id}/import` : '', removeUrl: usable && options.may('sources') ? `/settings/sources/${id}/removal` : '',
      runUrl: usable && options.coming && !(current && isOpen(current.status)) ? `/settings/sources/${id}/runs` : '', everything: options.coming?.origin.reading === 'changed', scheduleUrl: usable && options.coming ? `/settings/sources/${id}/schedule` : '',
      notice: source?.removing ? 'This source is being removed.' : source?.structurePending ? 'The structure was changed. It takes effect with the next run, which must read the whole file.' : ''
    },
    panels, signal: options.signal, runs: shown.map((run) => runLine(run, options.timeZone, run.id === current?.id)),
    olderUrl: options.more ? `/settings/sources/${id}?before=${shown.at(-1)?.id ?? 0}` : '',
    details: source ? [...detailsOf(source, options.idTypes), ...comingDetails(options.coming, options.timeZone)] : []
  }
}

function comingDetails(coming: Coming | null, timeZone: string): RunsModel['details'] {
  if (!coming) return []
  const { origin, schedule, aliasOf } = coming
  return [
    { label: 'Read from', value: `${tableInWords(origin)} in ${origin.connection}` }, { label: 'Reads', value: readingInWords(origin) },
    { label: 'Schedule', value: schedule ? scheduleInWords(schedule.schedule, aliasOf) : 'Only by hand' }, ...(schedule?.nextAt ? [{ label: 'Next run', value: formatTime(schedule.nextAt, timeZone) }] : [])
  ]
}

function detailsOf(source: CatalogSource, idTypes: readonly Pick<IdType, 'code' | 'name'>[]): RunsModel['details'] {
  const count = (kind: string) => source.columns.filter((column) => column.kind === kind).length
  const keyType = idTypes.find((type) => type.code === source.keyIdType)?.name
  return [
    { label: 'Source key', value: keyType ? `${source.keyColumn}, ${keyType}` : source.keyColumn },
    { label: 'Update time of a row', value: source.updateTimeColumn ?? 'none' },
    { label: 'Columns', value: `${formatCount(count('id'), 'ID')}, ${formatCount(count('attribute'), 'attribute')}, ${formatCount(count('tag'), 'tag')}, ${formatNumber(count('ignore'))} ignored` }
  ]
}
