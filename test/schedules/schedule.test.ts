import fc from 'fast-check'
import t from 'tap'
import { readSchedule, scheduleForm, type ScheduleOffer } from '../../src/schedules/form.ts'
import { nextTime, scheduleInWords, type Schedule } from '../../src/schedules/schedule.ts'

const days = { timeZone: 'Europe/Berlin', start: null, end: null }
const after = (text: string) => new Date(text)
const iso = (schedule: Schedule, from: string) => nextTime(schedule, after(from))?.toISOString() ?? null

t.test('times are those of the time zone, also where clocks change', async (t) => {
  t.equal(iso({ every: 'day', at: '06:30', ...days }, '2026-03-28T12:00:00Z'), '2026-03-29T04:30:00.000Z', 'summer time since that night')
  t.equal(iso({ every: 'day', at: '06:30', ...days }, '2026-10-24T12:00:00Z'), '2026-10-25T05:30:00.000Z', 'and its end')
  t.equal(iso({ every: 'day', at: '02:30', ...days }, '2026-03-28T12:00:00Z')?.slice(0, 10), '2026-03-29', 'a time that is left out comes that day all the same')
  t.equal(iso({ every: 'hour', minute: 5, ...days }, '2026-11-25T10:05:00Z'), '2026-11-25T11:05:00.000Z', 'after, not at')
  t.equal(iso({ every: 'week', weekday: 1, at: '00:00', ...days, timeZone: 'Asia/Shanghai' }, '2026-11-25T00:00:00Z'), '2026-11-29T16:00:00.000Z')
  t.equal(iso({ every: 'month', day: 0, at: '12:00', ...days, timeZone: 'UTC' }, '2027-02-01T00:00:00Z'), '2027-02-28T12:00:00.000Z', 'the last of the month')
  t.equal(iso({ every: 'import', sourceId: null, ...days }, '2026-11-25T00:00:00Z'), null)
})

t.test('nothing before the first day or after the last', async (t) => {
  const some: Schedule = { every: 'day', at: '06:30', timeZone: 'UTC', start: '2026-12-01', end: '2026-12-02' }
  t.equal(iso(some, '2026-11-25T00:00:00Z'), '2026-12-01T06:30:00.000Z')
  t.equal(iso(some, '2026-12-01T06:30:00Z'), '2026-12-02T06:30:00.000Z')
  t.equal(iso(some, '2026-12-02T06:30:00Z'), null)
  t.equal(scheduleInWords(some), 'Every day at 06:30 (UTC), from 2026-12-01, until 2026-12-02')
})

const offer: ScheduleOffer = { every: ['hour', 'day', 'week', 'month', 'cron', 'import'], sources: [{ value: '3', label: 'Shop' }], days: true, never: 'Never', timeZone: 'Asia/Shanghai' }

t.test('what a form shows is read as it was', async () => {
  const zones = { timeZone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'UTC'), start: fc.constantFrom(null, '2026-01-01'), end: fc.constantFrom(null, '2027-12-31') }
  const at = fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 })).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
  const own = { start: zones.start, end: zones.end, timeZone: fc.constant(offer.timeZone) }
  const schedules = fc.oneof(
    fc.record({ every: fc.constant('hour' as const), minute: fc.nat({ max: 59 }), ...own }), fc.record({ every: fc.constant('day' as const), at, ...zones }), fc.record({ every: fc.constant('week' as const), weekday: fc.nat({ max: 6 }), at, ...zones }),
    fc.record({ every: fc.constant('month' as const), day: fc.nat({ max: 28 }), at, ...zones }), fc.record({ every: fc.constant('cron' as const), expression: fc.constantFrom('30 6 * * 1-5', '0 0 1 1 *'), ...zones }),
    fc.record({ every: fc.constant('import' as const), sourceId: fc.constantFrom(null, 3), ...own })
  )
  fc.assert(fc.property(schedules, (schedule) => {
    const form = scheduleForm(offer, schedule)
    const body = Object.fromEntries([form.every, ...form.parts.map((part) => part.field)].map((field) => [field.id, field.value]))
    const read = readSchedule(offer, body)
    t.same(read, { schedule, messages: {} })
    const next = nextTime(schedule, new Date('2026-11-25T00:00:00Z'))
    if (next) t.ok(next > new Date('2026-11-25T00:00:00Z'))
  }))
})

t.test('bad input is said by field, and what was typed stays', async (t) => {
  const wrong = (body: Record<string, string>) => Object.keys(readSchedule(offer, body).messages)
  t.same(wrong({ every: 'day', at: '25:00' }), ['at'])
  t.same(wrong({ every: 'cron', cron: '* * * *' }), ['cron'])
  t.same(wrong({ every: 'cron', cron: '* * * * * *' }), ['cron'], 'no seconds')
  t.same(wrong({ every: 'cron', cron: '0 0 31 2 *' }), ['cron'], 'it never comes')
  t.same(wrong({ every: 'week', weekday: '9', at: '06:00', timeZone: 'Mars/Base' }), ['weekday', 'timeZone'])
  t.same(wrong({ every: 'import', after: '4' }), ['after'])
  t.same(wrong({ every: 'day', at: '06:00', start: '2026-02-30', end: 'x' }), ['start', 'end'])
  t.same(wrong({ every: 'day', at: '06:00', start: '2026-03-02', end: '2026-03-01' }), ['end'])
  t.same(wrong({ every: 'year' }), ['every'])
  t.same(readSchedule(offer, { every: '' }), { schedule: null, messages: {} })
  const form = scheduleForm(offer, null, { at: 'Give a time such as 06:30.' }, { every: 'day', at: '25:00' })
  t.match(form.parts.find(({ field }) => field.id === 'at')?.field, { value: '25:00', error: 'Give a time such as 06:30.', autofocus: true })
})
