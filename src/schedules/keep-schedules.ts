import type { Db } from '../db/database.ts'
import type { Queue } from '../jobs/queue.ts'
import { takeDue } from './queries.ts'
import type { Starter } from './starter.ts'

export interface ScheduleSettings {
  db: Db
  queue: Queue
  starters: Record<string, Starter>
  log: { error(data: object, text: string): void }
}

/** Starts everything that is due at `now`. One that cannot be started does not keep the others: its next time is set, and the log says why. */
export async function startDue({ db, queue, starters, log }: ScheduleSettings, now: Date = new Date()): Promise<number[]> {
  const started: number[] = []
  for (;;) {
    let due: { id: number; kind: string; subjectId: number } | undefined
    const start = async (work: boolean) => db.transaction().execute(async (trx) => {
      due = await takeDue(trx, now)
      return due && work ? (await starters[due.kind]?.(trx, due.subjectId, { queue })) ?? null : null
    })
    const jobId = await start(true).catch(async (error: unknown) => {
      log.error({ err: error, schedule: due }, 'a schedule could not start its work')
      return start(false)
    })
    if (!due) return started
    if (jobId !== null) {
      await queue.wake(jobId)
      started.push(jobId)
    }
  }
}

const everySeconds = 5

/** Looks for what is due now and every few seconds, until `stop`. What was missed while the console stood still starts once. */
export function keepSchedules(settings: ScheduleSettings): { stop(): Promise<void> } {
  let work: Promise<unknown> = Promise.resolve()
  let busy = false
  const act = () => {
    if (busy) return
    busy = true
    work = startDue(settings).catch((error: unknown) => settings.log.error({ err: error }, 'schedules')).finally(() => { busy = false })
  }
  act()
  const timer = setInterval(act, everySeconds * 1000)
  timer.unref()
  return { async stop() { clearInterval(timer); await work } }
}
