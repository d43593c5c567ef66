import type { Db } from '../db/database.ts'
import { readSnapshot } from '../db/snapshot.ts'
import { beginReading } from '../users/queries/begin.ts'
import { stepOf, stretchLabel, timeLabel, unitOf, type Bar, type Distribution } from './distribution.ts'
import { countNumbers, countTimes, countValues, findBounds, type Counted } from './queries.ts'

const timeLimit = 5000

/** How the users of a query are spread over the values of a field. Throws the timeout of PostgreSQL after 5 seconds. */
export async function readDistribution(db: Db, counted: Counted): Promise<Distribution> {
  return readSnapshot(db, async (snapshot) => {
    await beginReading(snapshot, counted.access, timeLimit)
    return ['number', 'date', 'time'].includes(counted.field.type) ? readStretches(snapshot, counted) : readValues(snapshot, counted)
  })
}

async function readValues(db: Db, counted: Counted): Promise<Distribution> {
  const found = await countValues(db, counted)
  const of = (kind: string) => found.find((one) => one.kind === kind)?.users ?? 0
  return { users: of('all'), bars: [...found.filter(({ kind }) => kind === 'value').map(({ value, users }): Bar => ({ label: value ?? '', users, kind: 'value' })), ...rest(of('others'), of('empty'))] }
}

async function readStretches(db: Db, counted: Counted): Promise<Distribution> {
  const { least, most, whole, filled, all, days } = await findBounds(db, counted)
  if (least === null || most === null) return { users: all, bars: rest(0, all) }
  if (counted.field.type !== 'number') {
    const unit = unitOf(days)
    return { users: all, bars: [...(await countTimes(db, counted, unit)).map(({ start, users }): Bar => ({ label: timeLabel(start, unit), users, kind: 'value' })), ...rest(0, all - filled)] }
  }
  const step = stepOf(Number(least), Number(most), whole)
  const found = new Map((await countNumbers(db, counted, step)).map(({ at, users }) => [at, users]))
  const first = Math.min(...found.keys())
  const bars = Array.from({ length: Math.max(...found.keys()) - first + 1 }, (_, index): Bar => ({ label: stretchLabel(first + index, step, whole), users: found.get(first + index) ?? 0, kind: 'value' }))
  return { users: all, bars: [...bars, ...rest(0, all - filled)] }
}

function rest(others: number, empty: number): Bar[] {
  return [...(others ? [{ label: 'others', users: others, kind: 'others' as const }] : []), ...(empty ? [{ label: 'empty', users: empty, kind: 'empty' as const }] : [])]
}
