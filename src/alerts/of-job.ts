import type { Db, JobStatus } from '../db/database.ts'
import { endAlert, raiseAlert, type NewAlert } from './queries.ts'

/** Jobs that nobody waits for carry in their payload, as `alert`, what is told where they fail; `message` then begins the sentence ("The import of Shop members"). */
export function alertOf(payload: unknown): NewAlert | null {
  return (payload as { alert?: NewAlert } | null)?.alert ?? null
}

/** Tells that a job did not do what it was to do. */
export async function raiseAlertOf(db: Db, payload: unknown, status: JobStatus, error: string): Promise<void> {
  const alert = alertOf(payload)
  if (!alert || (status !== 'failed' && status !== 'stopped')) return
  const word = status === 'stopped' ? 'was stopped' : 'failed'
  await raiseAlert(db, { ...alert, message: `${alert.message} ${word}: ${error}` })
}

/** It works again: what an earlier job raised is over. */
export async function endAlertOf(db: Db, payload: unknown): Promise<void> {
  const alert = alertOf(payload)
  if (alert) await endAlert(db, { subject: alert.subject }, null)
}
