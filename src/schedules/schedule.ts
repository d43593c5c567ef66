import { Cron } from 'croner'

/** How often; 'import' is after each run of a source (or of any, where `sourceId` is null), the others go by the clock. */
export type Rhythm =
  | { every: 'hour'; minute: number }
  | { every: 'day'; at: string }
  | { every: 'week'; weekday: number; at: string }
  /** `day` 0: the last one. */
  | { every: 'month'; day: number; at: string }
  | { every: 'cron'; expression: string }
  | { every: 'import'; sourceId: number | null }

export type Every = Rhythm['every']

/** Times are those of `timeZone`. Nothing starts before the day `start` or after the day `end` (both 'YYYY-MM-DD'). */
export type Schedule = Rhythm & { timeZone: string; start: string | null; end: string | null }

export const weekdays: readonly string[] = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The next time after `after`, or null where there is none: after imports only, or past its end. Where clocks are put forward, a time that is left out comes when they have been. */
export function nextTime(schedule: Schedule, after: Date): Date | null {
  const expression = expressionOf(schedule)
  return expression === null ? null : cronOf(expression, schedule).nextRun(after)
}

function cronOf(expression: string, { timeZone, start, end }: Pick<Schedule, 'timeZone' | 'start' | 'end'>): Cron {
  return new Cron(expression, { timezone: timeZone, mode: '5-part', paused: true, ...(start ? { startAt: start } : {}), ...(end ? { stopAt: `${end}T23:59:59` } : {}) })
}

function expressionOf(schedule: Schedule): string | null {
  const at = () => { const [hour, minute] = (schedule as { at: string }).at.split(':'); return `${Number(minute)} ${Number(hour)}` }
  switch (schedule.every) {
    case 'hour': return `${schedule.minute} * * * *`
    case 'day': return `${at()} * * *`
    case 'week': return `${at()} * * ${schedule.weekday}`
    case 'month': return `${at()} ${schedule.day || 'L'} * *`
    case 'cron': return schedule.expression
    case 'import': return null
  }
}

/** What is wrong with a cron expression of five fields, or ''. */
export function problemOfCron(expression: string): string {
  try {
    return cronOf(expression, { timeZone: 'UTC', start: null, end: null }).nextRun() ? '' : 'This never comes.'
  } catch {
    return 'This is no cron expression. Write five fields: minute, hour, day of the month, month, day of the week; for example 30 6 * * 1-5.'
  }
}

/** In words: "Every Monday at 06:30 (Asia/Shanghai), until 2027-01-31". */
export function scheduleInWords(schedule: Schedule, aliasOf: (sourceId: number) => string | undefined = () => undefined): string {
  const rhythm = rhythmInWords(schedule, aliasOf)
  const zone = schedule.every === 'import' || schedule.every === 'hour' ? '' : ` (${schedule.timeZone})`
  return `${rhythm}${zone}${schedule.start ? `, from ${schedule.start}` : ''}${schedule.end ? `, until ${schedule.end}` : ''}`
}

function rhythmInWords(schedule: Schedule, aliasOf: (sourceId: number) => string | undefined): string {
  switch (schedule.every) {
    case 'hour': return `Every hour at minute ${schedule.minute}`
    case 'day': return `Every day at ${schedule.at}`
    case 'week': return `Every ${weekdays[schedule.weekday]} at ${schedule.at}`
    case 'month': return schedule.day ? `Every month on day ${schedule.day} at ${schedule.at}` : `Every month on its last day at ${schedule.at}`
    case 'cron': return `By the cron expression ${schedule.expression}`
    case 'import': return schedule.sourceId === null ? 'After every import' : `After every import of ${aliasOf(schedule.sourceId) ?? 'a source'}`
  }
}
