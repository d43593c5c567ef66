import { sampleFields } from '../../form.ts'
import type { Samples } from '../../http/views.ts'
import { stateLabels } from '../labels.ts'
import type { RunLine, RunPanel, RunsModel } from '../views.ts'
import { scheduleForm } from '../../schedules/form.ts'
import type { AllRunsModel } from './all-runs.ts'
import type { ScheduleModel } from './schedule.ts'
import type { UndoModel } from './undo.ts'

const ended: RunPanel = {
  id: 7, heading: 'Run 7', state: stateLabels.done, facts: '2026-11-24 10:00, members.csv (12 kB), by Lin Yating', cancelUrl: '', cancelling: false, undoUrl: '/settings/imports/7/undo', undoingUrl: '', progress: null, problem: '', figures: [{ label: 'new rows', value: '1,204' }],
  lines: [{ bold: '3', text: 'users split', href: '', link: '', download: false }, { bold: '2', text: 'joins refused', href: '/settings/refused-joins', link: 'Review', download: false }, { bold: '1', text: 'row rejected', href: '/settings/imports/7/rejected.csv', link: 'Download', download: true }]
}
const atWork: RunPanel = {
  ...ended, id: 8, heading: 'Run 8', state: stateLabels.running, cancelUrl: '/settings/imports/8/cancellation', undoUrl: '', figures: [], lines: [],
  progress: { stages: [{ label: 'Read file', state: 'done' }, { label: 'Check rows', state: 'current' }, { label: 'Show', state: 'next' }], max: 100, value: 40, percent: '40%', rows: '40 of 100 rows', left: 'a moment left', note: 'You can leave this page.' }
}
const bare: RunPanel = { ...ended, undoUrl: '', figures: [], lines: [] }
const panels: RunPanel[] = [
  atWork, { ...atWork, id: 9, state: stateLabels.waiting, cancelling: true, progress: { ...atWork.progress!, percent: '' } }, ended,
  { ...bare, id: 10, state: stateLabels.failed, problem: 'It failed and changed nothing.' }, { ...bare, id: 11, state: stateLabels.cancelled, problem: 'It was cancelled.' }, { ...bare, id: 12 }, { ...bare, id: 13, undoingUrl: '/settings/jobs/4' }
]
const line: RunLine = { id: 7, href: '/settings/imports/7', state: stateLabels.done, started: '2026-11-24 10:00', by: 'Lin Yating', rows: '1,204', changed: '3', rejected: '1', cancelUrl: '', current: true }
const runs: RunsModel = {
  pollUrl: '/settings/sources/1', panels, runs: [line, { ...line, id: 6, state: stateLabels.waiting, current: false }], olderUrl: '/settings/sources/1?before=6', details: [{ label: 'Source key', value: 'no' }],
  source: { alias: 'Shop members', facts: 'source, 1,204 rows', structureUrl: '/settings/sources/1/structure', importUrl: '/settings/sources/1/import', removeUrl: '/settings/sources/1/removal', notice: 'The structure was changed.', runUrl: '/settings/sources/1/runs', everything: true, scheduleUrl: '/settings/sources/1/schedule' },
  signal: { label: 'Import 40%', href: '/settings/imports/8', percent: 40 }
}
const removed: RunsModel = { ...runs, pollUrl: '', panels: [], runs: [], olderUrl: '', details: [], source: { alias: 'Survey', facts: 'source, removed', structureUrl: '', importUrl: '', removeUrl: '', notice: '', runUrl: '', everything: false, scheduleUrl: '' }, signal: null }

const undo: UndoModel = {
  heading: 'Undo run 7', backUrl: '/settings/imports/7', backLabel: 'Run 7', refusal: '', action: '/settings/imports/7/undo', figures: [{ label: 'new rows go', value: '1,204' }], notes: ['What was edited since stays.'], submit: 'Undo run 7'
}

const byFile: RunsModel = { ...runs, source: { ...runs.source, runUrl: '', scheduleUrl: '' } }
const schedule: ScheduleModel = {
  alias: 'Shop members', facts: 'crm.members in CRM', next: 'Next: 2026-11-26 06:00', backUrl: '/settings/sources/1', action: '/settings/sources/1/schedule', problem: 'Put the marked fields right.',
  form: { reading: sampleFields.find((field) => field.id === 'select-plain')!, changedBy: sampleFields.find((field) => field.id === 'select-wrong')!, schedule: scheduleForm({ every: ['day'], sources: [], days: false, never: 'Only by hand', timeZone: 'UTC' }, null) }
}
const allRuns: AllRunsModel = {
  facts: '2 sources come by themselves', filter: sampleFields.filter((field) => field.control === 'select'), filtered: true, firstUrl: '/settings/runs', nextUrl: '/settings/runs?before=7', empty: '',
  runs: [{ ...line, source: { href: '/settings/sources/1', alias: 'Shop members' }, took: '12 s', removed: '–' }], due: [{ href: '/settings/sources/1/schedule', alias: 'Shop members', words: 'Every day at 06:00', next: '2026-11-26 06:00' }]
}

/** Models for each view, to render it alone. */
export const samples: Samples = { 'imports/undo': [undo, { ...undo, refusal: 'Run 7 was undone already.' }], 'imports/schedule': [schedule, { ...schedule, problem: '' }], 'imports/all-runs': [allRuns, { ...allRuns, runs: [], due: [], firstUrl: '', nextUrl: '', empty: 'Nothing was imported yet.', filtered: false }],
  'imports/runs': [runs, byFile, { ...byFile, source: { ...runs.source, everything: false } }, removed], 'imports/_runs-changed': [runs, removed] }
