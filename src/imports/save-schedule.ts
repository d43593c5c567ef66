import { sql, type Transaction } from 'kysely'
import { addressOf } from '../connections/address.ts'
import { getConnection } from '../connections/queries.ts'
import { findTable } from '../connections/queries/other.ts'
import { tellsChange } from '../connections/table.ts'
import { problemInWords } from '../connections/words.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Database, Db } from '../db/database.ts'
import { readOther } from '../db/other-database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { Conflict, Invalid } from '../problem.ts'
import { getSchedule, listSchedules, setSchedule } from '../schedules/queries.ts'
import { scheduleInWords, type Schedule } from '../schedules/schedule.ts'
import type { Origin, Reading } from '../sources/origin.ts'
import { findOrigin, setReading } from '../sources/queries/origins.ts'
import { circleOf } from './circle.ts'
import { readingInWords } from './labels.ts'

export interface ScheduleInput { reading: Reading; changedBy: string | null; schedule: Schedule | null }

const seconds = 10

/** Says how a source is read from its table, and when. Throws Invalid with a message by field. */
export async function saveSchedule({ db, dataDir }: { db: Db; dataDir: string }, catalog: Catalog, sourceId: number, input: ScheduleInput, operator: { id: number; name: string }): Promise<void> {
  const origin = await findOrigin(db, sourceId)
  if (!origin) throw new Conflict('This source has no table that it is read from.')
  if (input.reading === 'changed' && input.changedBy !== origin.changedBy) await checkColumn(db, dataDir, origin, input.changedBy ?? '')
  await shortChange(db, async (trx) => {
    // Two that are saved at the same moment could close a circle.
    await sql`select pg_advisory_xact_lock(hashtext('imports'), 0)`.execute(trx)
    await refuseCircle(trx, catalog, sourceId, input.schedule)
    const subject = { kind: 'import', subjectId: sourceId }
    const items = itemsOf(catalog, origin, (await getSchedule(trx, subject))?.schedule ?? null, input)
    if (items.length === 0) return
    await setReading(trx, sourceId, input.reading, input.changedBy)
    await setSchedule(trx, subject, input.schedule, operator.id)
    await insertHistory(trx, { kind: 'settings', title: `How and when ${aliasOf(catalog, sourceId)} is imported changed`, operator: { id: operator.id, name: operator.name }, sourceId, items })
  })
}

function aliasOf(catalog: Catalog, id: number): string {
  return catalog.sources.find((source) => source.id === id)?.alias ?? 'a source'
}

async function refuseCircle(trx: Transaction<Database>, catalog: Catalog, sourceId: number, schedule: Schedule | null): Promise<void> {
  if (schedule?.every !== 'import' || schedule.sourceId === null) return
  const circle = circleOf(sourceId, schedule.sourceId, await listSchedules(trx, 'import'))
  if (circle.length) throw new Invalid('This would never end.', { after: `They would start one another without end: ${circle.map((id) => aliasOf(catalog, id)).join(', after ')}.` })
}

/** Only a date or time that can be read tells what changed. */
async function checkColumn(db: Db, dataDir: string, origin: Origin, name: string): Promise<void> {
  const connection = await getConnection(db, origin.connectionId)
  const state = await readOther(await addressOf(dataDir, connection), seconds, (read) => findTable(read, origin)).catch((error: unknown) => {
    throw error instanceof Conflict ? error : new Invalid('It is not saved.', { changedBy: `The column could not be looked at. ${problemInWords(error, connection)}` })
  })
  const column = state?.columns.find((one) => one.name === name)
  if (!column || !tellsChange(column)) throw new Invalid('It is not saved.', { changedBy: column && !column.readable ? `“${connection.user}” may not read this column.` : 'This column holds no date or time there.' })
}

function itemsOf(catalog: Catalog, before: Origin, scheduled: Schedule | null, after: ScheduleInput): ActItem[] {
  const words = (schedule: Schedule | null) => (schedule ? scheduleInWords(schedule, (id) => aliasOf(catalog, id)) : null)
  const changes: [string, string | null, string | null][] = [['reads', readingInWords(before), readingInWords(after)], ['schedule', words(scheduled), words(after.schedule)]]
  return changes.filter(([, old, now]) => old !== now).map(([column, old, now]) => ({ table: 'import', column, before: old, after: now }))
}
