import t from 'tap'
import { insertJob } from '../../src/jobs/queries.ts'
import { startDue } from '../../src/schedules/keep-schedules.ts'
import { getSchedule, setDueAfterImport, setSchedule } from '../../src/schedules/queries.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { openTestDatabase } from '../helper.ts'

const daily: Schedule = { every: 'day', at: '06:00', timeZone: 'UTC', start: null, end: null }
const begin = new Date('2026-11-25T00:00:00Z')

t.test('what is due starts, once however often it was missed', async (t) => {
  const { db } = await openTestDatabase(t)
  const woken: number[] = []
  const queue = { enqueue: insertJob, wake: async (id: number) => { woken.push(id) }, stop: async () => {} }
  const errors: object[] = []
  const log = { error: (data: object) => { errors.push(data) } }
  const settings = { db, queue, log, starters: {
    test: async (trx: typeof db, subjectId: number) => (subjectId === 3 ? null : queue.enqueue(trx, { kind: 'test', title: `number ${subjectId}`, payload: {}, operatorId: null })),
    broken: async (trx: typeof db) => { await queue.enqueue(trx, { kind: 'test', title: 'half', payload: {}, operatorId: null }); throw new Error('broken') }
  } }
  for (const subjectId of [1, 2, 3]) await setSchedule(db, { kind: 'test', subjectId }, daily, null, begin)
  await setSchedule(db, { kind: 'broken', subjectId: 1 }, daily, null, begin)
  await setSchedule(db, { kind: 'test', subjectId: 2 }, { ...daily, at: '09:00' }, null, begin)

  t.same(await startDue(settings, new Date('2026-11-25T05:59:59Z')), [], 'not yet')
  const started = await startDue(settings, new Date('2026-11-28T07:00:00Z'))
  t.same(started, woken)
  const titles = (await db.selectFrom('jobs').select('title').orderBy('id').execute()).map(({ title }) => title)
  t.same(titles.toSorted(), ['number 1', 'number 2'], 'each once, and nothing half')
  t.match(errors, [{ schedule: { kind: 'broken' } }])
  t.same((await getSchedule(db, { kind: 'test', subjectId: 1 }))?.nextAt, new Date('2026-11-29T06:00:00Z'))
  t.same((await getSchedule(db, { kind: 'broken', subjectId: 1 }))?.nextAt, new Date('2026-11-29T06:00:00Z'), 'what broke is tried the next time')
  t.same(await startDue(settings, new Date('2026-11-28T07:00:05Z')), [])

  const both = await Promise.all([1, 2].map(() => startDue(settings, new Date('2026-11-29T10:00:00Z'))))
  t.equal(both.flat().length, 2, 'two that look at once start nothing twice')
  await setSchedule(db, { kind: 'test', subjectId: 1 }, null, null)
  t.same(await startDue(settings, new Date('2026-12-01T10:00:00Z')).then((jobs) => jobs.length), 1, 'an ended one is gone')
})

t.test('after an import of its source, or of any', async (t) => {
  const { db } = await openTestDatabase(t)
  const after = (sourceId: number | null, days = {}): Schedule => ({ every: 'import', sourceId, timeZone: 'UTC', start: null, end: null, ...days })
  for (const [subjectId, schedule] of [after(1), after(2), after(null), after(null, { end: '2020-01-01' }), daily].entries()) await setSchedule(db, { kind: 'test', subjectId }, schedule, null, new Date('2999-01-01'))
  await setDueAfterImport(db, 1)
  const due = await db.selectFrom('schedules').select('subject_id').where('next_at', '<=', new Date()).orderBy('subject_id').execute()
  t.same(due.map((row) => row.subject_id), [0, 2])
})
