import type { CatalogSource } from '../catalog/catalog.ts'
import { formFields, textOf, type FormField } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import { readSchedule, scheduleForm, type ScheduleForm, type ScheduleOffer } from '../schedules/form.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { Origin, Reading } from '../sources/origin.ts'
import { readingLabels } from './labels.ts'
import type { ScheduleInput } from './save-schedule.ts'

export interface SourceScheduleForm { reading: FormField; changedBy: FormField; schedule: ScheduleForm }

function offerOf(source: CatalogSource, sources: readonly CatalogSource[], timeZone: string): ScheduleOffer {
  const others = sources.filter((other) => other.id !== source.id && !other.removing).map((other) => ({ value: String(other.id), label: other.alias }))
  return { every: ['hour', 'day', 'week', 'month', 'cron', ...(others.length ? ['import' as const] : [])], sources: others, days: false, never: 'Only by hand', timeZone, named: true }
}

export interface FormState { source: CatalogSource; sources: readonly CatalogSource[]; timeZone: string; origin: Origin; schedule: Schedule | null; messages?: FieldMessages; body?: unknown }

/** The fields of the page on which is said how and when a source is read, as kept or as typed. */
export function sourceScheduleForm({ source, sources, timeZone, origin, schedule, messages = {}, body }: FormState): SourceScheduleForm {
  const typed = body === undefined ? { reading: origin.reading, changedBy: origin.changedBy ?? source.updateTimeColumn ?? '' } : { reading: textOf(body, 'reading'), changedBy: textOf(body, 'changedBy') }
  const [reading, changedBy] = formFields([
    { id: 'reading', label: 'Reads', control: 'select', value: typed.reading, options: Object.entries(readingLabels).map(([value, label]) => ({ value, label })) },
    { id: 'changedBy', label: 'What changed is told by', control: 'select', value: typed.changedBy, options: [{ value: '', label: 'Choose a column' }, ...source.columns.map(({ name }) => ({ value: name, label: name }))], help: 'A date or time there that every change of a row sets. Rows that are gone there stay here until everything is imported once.' }
  ], messages) as [FormField, FormField]
  return { reading, changedBy, schedule: scheduleForm(offerOf(source, sources, timeZone), schedule, messages, body) }
}

/** What was posted, or what is wrong with it by field. */
export function readSourceSchedule(source: CatalogSource, sources: readonly CatalogSource[], timeZone: string, body: unknown): { input: ScheduleInput; messages: FieldMessages } {
  const { schedule, messages } = readSchedule(offerOf(source, sources, timeZone), body)
  const reading = textOf(body, 'reading')
  const changedBy = textOf(body, 'changedBy')
  if (!Object.keys(readingLabels).includes(reading)) messages['reading'] = 'Choose from the list.'
  if (reading === 'changed' && !source.columns.some(({ name }) => name === changedBy)) messages['changedBy'] = 'Choose the column that tells what changed.'
  return { input: { reading: reading as Reading, changedBy: reading === 'changed' ? changedBy : null, schedule }, messages }
}
