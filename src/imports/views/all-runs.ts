import type { May } from '../../access/permissions.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { formFields, type FormField } from '../../form.ts'
import { formatCount, formatDuration, formatNumber, formatTime } from '../../format.ts'
import type { KeptSchedule } from '../../schedules/queries.ts'
import { scheduleInWords } from '../../schedules/schedule.ts'
import { isOpen, startedWords, stateLabels } from '../labels.ts'
import type { Run } from '../queries.ts'
import type { RunFilter } from '../queries/all-runs.ts'
import { runLine, type RunLine } from '../views.ts'

export interface AllRunsLine extends RunLine { source: { href: string; alias: string }; took: string; removed: string }
export interface AllRunsModel {
  facts: string; filter: FormField[]; filtered: boolean; runs: AllRunsLine[]; empty: string; firstUrl: string; nextUrl: string
  due: { href: string; alias: string; words: string; next: string }[]
}

declare module '../../http/views.ts' {
  interface Views { 'imports/all-runs': AllRunsModel }
}

export interface AllRunsState {
  filter: RunFilter; before: number | null; more: boolean; sources: readonly { id: number; alias: string; removed: boolean }[]; schedules: ReadonlyMap<number, KeptSchedule>; catalog: Catalog; timeZone: string; may: May
}

export function allRunsModel(runs: readonly Run[], state: AllRunsState): AllRunsModel {
  const { filter, before, more } = state
  const filtered = filter.sourceId !== null || filter.state !== null || filter.started !== null
  const url = (from: number | null) => {
    const fields = Object.entries({ source: filter.sourceId, state: filter.state, started: filter.started, before: from }).filter(([, value]) => value !== null).map(([name, value]): [string, string] => [name, String(value)])
    return `/settings/runs${fields.length ? `?${new URLSearchParams(fields).toString()}` : ''}`
  }
  const due = dueOf(state)
  return {
    facts: due.length ? `${formatCount(due.length, 'source')} ${due.length === 1 ? 'comes' : 'come'} by ${due.length === 1 ? 'itself' : 'themselves'}` : '', filter: filterFields(state), filtered, due,
    runs: runs.map((run) => lineOf(run, state)), empty: runs.length ? '' : before !== null ? 'Nothing comes after this.' : filtered ? 'No run is like this.' : 'Nothing was imported yet.',
    firstUrl: before === null ? '' : url(null), nextUrl: more ? url(runs.at(-1)?.id ?? null) : ''
  }
}

function filterFields({ filter, sources }: AllRunsState): FormField[] {
  const select = (id: string, label: string, value: string | number | null, all: string, options: { value: string; label: string }[]) => ({ id, label, control: 'select' as const, value: String(value ?? ''), options: [{ value: '', label: all }, ...options] })
  return formFields([
    select('source', 'Source', filter.sourceId, 'all', sources.map(({ id, alias, removed }) => ({ value: String(id), label: removed ? `${alias} (removed)` : alias }))),
    select('state', 'State', filter.state, 'all', [...Object.entries(stateLabels).map(([value, { text }]) => ({ value, label: text })), { value: 'undone', label: 'undone' }]),
    select('started', 'Started', filter.started, 'all', Object.entries(startedWords).map(([value, label]) => ({ value, label })))
  ])
}

function lineOf(run: Run, { timeZone }: AllRunsState): AllRunsLine {
  return {
    ...runLine(run, timeZone, false), by: run.operator ? `${startedWords[run.started]}, ${run.operator}` : startedWords[run.started], source: { href: `/settings/sources/${run.sourceId}`, alias: run.alias },
    took: run.startedAt && run.endedAt ? formatDuration(run.endedAt.getTime() - run.startedAt.getTime()) : '–', removed: isOpen(run.status) || run.removed === null ? '–' : formatNumber(run.removed)
  }
}

/** Sources with a schedule, the next one first; those that wait for another come last. */
function dueOf({ schedules, catalog, timeZone }: AllRunsState): AllRunsModel['due'] {
  const aliasOf = (id: number) => catalog.sources.find((source) => source.id === id)?.alias
  return catalog.sources.flatMap((source) => { const kept = schedules.get(source.id); return kept ? [{ source, kept }] : [] })
    .toSorted((a, b) => (a.kept.nextAt?.getTime() ?? Infinity) - (b.kept.nextAt?.getTime() ?? Infinity) || a.source.id - b.source.id)
    .map(({ source, kept }) => ({
      href: `/settings/sources/${source.id}/schedule`, alias: source.alias, words: scheduleInWords(kept.schedule, aliasOf),
      next: kept.nextAt ? formatTime(kept.nextAt, timeZone) : kept.schedule.every === 'import' && kept.schedule.sourceId !== null && !aliasOf(kept.schedule.sourceId) ? 'never: that source was removed' : kept.schedule.every === 'import' ? 'after that' : 'never again'
    }))
}
