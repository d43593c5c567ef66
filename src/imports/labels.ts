import type { JobStatus } from '../db/database.ts'
import type { Reading } from '../sources/origin.ts'
import type { Started } from './run-origin.ts'

export interface StateLabel { text: string; tone: '' | 'good' | 'warn' | 'bad' }

export const stateLabels: Record<JobStatus, StateLabel> = {
  waiting: { text: 'waiting', tone: '' }, running: { text: 'running', tone: '' }, done: { text: 'done', tone: 'good' },
  stopped: { text: 'stopped', tone: 'bad' }, failed: { text: 'failed', tone: 'bad' }, cancelled: { text: 'cancelled', tone: 'warn' }
}

/** The state of a run: that of its job, unless it was undone. */
export function stateOfRun(run: { status: JobStatus; undone: object | null }): StateLabel {
  return run.undone ? { text: 'undone', tone: 'warn' } : stateLabels[run.status]
}

/** What a run goes through, in order; a job names its stage by these words. */
export const stages = ['Read file', 'Check rows', 'Compare and store', 'ID mapping', 'Show'] as const

export function isOpen(status: JobStatus): boolean {
  return status === 'waiting' || status === 'running'
}

/** Why rows are rejected, as counted on the page of a run. */
export const reasonLabels: Record<string, string> = {
  key_missing: 'without a key', key_duplicate: 'duplicate key', key_too_long: 'key too long', cell: 'unreadable number or date',
  columns: 'wrong number of columns', quote: 'unclear quotation marks', too_long: 'row too long', nul: 'NUL byte', encoding: 'wrong encoding', too_wide: 'too wide'
}

/** Who or what began a run where no person did. */
export const startedLabels: Record<Started, string> = { hand: 'console', schedule: 'schedule', api: 'API', command: 'command' }

export const readingLabels: Record<Reading, string> = {
  all: 'Everything; rows that are gone there stay here', whole: 'Everything; rows that are gone there are removed', changed: 'What changed since the last run'
}

export function readingInWords({ reading, changedBy }: { reading: Reading; changedBy: string | null }): string {
  return reading === 'changed' ? `${readingLabels.changed}, by ${changedBy}` : readingLabels[reading]
}

/** How runs were started, as a filter. */
export const startedWords: Record<Started, string> = { hand: 'by hand', schedule: 'by schedule', api: 'by API', command: 'by command' }
