import { formFields, isKnownTimeZone, textOf, wholeNumber, type FieldDraft, type FormField, type Option } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import { problemOfCron, weekdays, type Every, type Rhythm, type Schedule } from './schedule.ts'

/** What a form offers. `sources`: those whose imports may be waited for. */
export interface ScheduleOffer { every: readonly Every[]; sources: readonly Option[]; days: boolean; never: string; timeZone: string; /** One source has to be named. */ named?: boolean }

/** `parts`: further fields, each with the choices of `every` that it belongs to; a stylesheet shows those of the choice. */
export interface ScheduleForm { every: FormField; parts: { field: FormField; belongs: string }[] }

const labels: Record<Every, string> = { hour: 'Hourly', day: 'Daily', week: 'Weekly', month: 'Monthly', cron: 'By a cron expression', import: 'After an import' }
const clock: readonly Every[] = ['day', 'week', 'month']

/** The fields of a schedule as typed before (`body`) or as kept, with the messages of readSchedule. */
export function scheduleForm(offer: ScheduleOffer, kept: Schedule | null, messages: FieldMessages = {}, body?: unknown): ScheduleForm {
  const typed = body === undefined ? typedOf(kept, offer) : Object.fromEntries(names.map((name) => [name, textOf(body, name)]))
  const draft = (id: (typeof names)[number], label: string, rest: Partial<FieldDraft> = {}): FieldDraft => ({ id, label, value: typed[id] ?? '', ...rest })
  const drafts: [FieldDraft, readonly string[]][] = [
    [draft('every', 'Repeats', { control: 'select', options: [{ value: '', label: offer.never }, ...offer.every.map((every) => ({ value: every, label: labels[every] }))] }), []],
    [draft('minute', 'Minute of the hour', { control: 'number', help: 'From 0 to 59.' }), ['hour']],
    [draft('weekday', 'On', { control: 'select', options: weekdays.map((label, index) => ({ value: String(index), label })) }), ['week']],
    [draft('day', 'On day', { control: 'select', options: [...Array.from({ length: 28 }, (_, index) => ({ value: String(index + 1), label: String(index + 1) })), { value: '0', label: 'the last of the month' }] }), ['month']],
    [draft('at', 'At', { control: 'time' }), clock],
    [draft('cron', 'Cron expression', { help: 'Minute, hour, day of the month, month, day of the week: 30 6 * * 1-5 is 06:30 from Monday to Friday.' }), ['cron']],
    [draft('after', 'After an import of', { control: 'select', options: [{ value: '', label: offer.named ? 'Choose a source' : 'any source' }, ...offer.sources] }), ['import']],
    [draft('timeZone', 'Time zone', { help: 'For example Asia/Shanghai or Europe/Berlin.' }), [...clock, 'cron']],
    ...(offer.days ? [[draft('start', 'First day', { control: 'date' }), offer.every], [draft('end', 'Last day', { control: 'date' }), offer.every]] as [FieldDraft, readonly string[]][] : [])
  ]
  const offered = drafts.filter(([{ id }, belongs]) => id === 'every' || belongs.some((every) => offer.every.includes(every as Every)))
  const fields = formFields(offered.map(([field]) => field), messages)
  return { every: fields[0] as FormField, parts: fields.slice(1).map((field, index) => ({ field, belongs: offered[index + 1]![1].map((every) => `on-${every}`).join(' ') })) }
}

const names = ['every', 'minute', 'weekday', 'day', 'at', 'cron', 'after', 'timeZone', 'start', 'end'] as const

function typedOf(kept: Schedule | null, offer: ScheduleOffer): Record<string, string> {
  const base = { every: '', minute: '0', weekday: '1', day: '1', at: '06:00', cron: '', after: '', timeZone: offer.timeZone, start: '', end: '' }
  if (!kept) return base
  const own = Object.fromEntries(Object.entries(kept).map(([name, value]) => [name === 'expression' ? 'cron' : name === 'sourceId' ? 'after' : name, value === null ? '' : String(value)]))
  return { ...base, ...own }
}

/** Reads a posted schedule: null for none, or what is wrong by field. */
export function readSchedule(offer: ScheduleOffer, body: unknown): { schedule: Schedule | null; messages: FieldMessages } {
  const messages: FieldMessages = {}
  const every = textOf(body, 'every')
  if (every === '') return { schedule: null, messages }
  if (!offer.every.includes(every as Every)) return { schedule: null, messages: { every: 'Choose from the list.' } }
  const rhythm = readRhythm(every as Every, offer, body, messages)
  const timeZone = [...clock, 'cron'].includes(every) ? textOf(body, 'timeZone') || offer.timeZone : offer.timeZone
  if (timeZone.length >= 100 || !isKnownTimeZone(timeZone)) messages['timeZone'] = 'There is no such time zone. Write one such as Asia/Shanghai.'
  const [start, end] = (['start', 'end'] as const).map((name) => readDay(body, name, messages, offer.days))
  if (start && end && end < start) messages['end'] = 'The last day is before the first.'
  return Object.keys(messages).length ? { schedule: null, messages } : { schedule: { ...rhythm, timeZone, start: start ?? null, end: end ?? null }, messages }
}

function readRhythm(every: Every, offer: ScheduleOffer, body: unknown, messages: FieldMessages): Rhythm {
  const number = (name: string, least: number, most: number, problem: string) => {
    const read = wholeNumber(textOf(body, name), least, most)
    if (read === undefined) messages[name] = problem
    return read ?? 0
  }
  const at = () => {
    const time = textOf(body, 'at')
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) messages['at'] = 'Give a time such as 06:30.'
    return time
  }
  switch (every) {
    case 'hour': return { every, minute: number('minute', 0, 59, 'Give a minute from 0 to 59.') }
    case 'day': return { every, at: at() }
    case 'week': return { every, weekday: number('weekday', 0, 6, 'Choose a day from the list.'), at: at() }
    case 'month': return { every, day: number('day', 0, 28, 'Choose a day from the list.'), at: at() }
    case 'cron': {
      const expression = textOf(body, 'cron').replaceAll(/\s+/g, ' ')
      const problem = expression.length > 200 ? 'This is too long.' : problemOfCron(expression)
      if (problem) messages['cron'] = problem
      return { every, expression }
    }
    case 'import': {
      const after = textOf(body, 'after')
      if ((after !== '' || offer.named) && !offer.sources.some(({ value }) => value === after)) messages['after'] = 'Choose a source from the list.'
      return { every, sourceId: after === '' ? null : Number(after) }
    }
  }
}

function readDay(body: unknown, name: string, messages: FieldMessages, offered: boolean): string | null {
  const text = offered ? textOf(body, name) : ''
  if (text === '') return null
  const read = new Date(`${text}T00:00:00Z`)
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text)) return text
  messages[name] = 'Give a day such as 2026-12-31.'
  return null
}
