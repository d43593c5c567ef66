import type { Db } from '../db/database.ts'
import type { Mailer } from '../mail/mailer.ts'
import { getSetting } from '../settings/queries.ts'
import { getAddresses } from './addresses.ts'
import { setUnmailed, takeUnmailed } from './queries.ts'

export interface AlertMailSettings { db: Db; mailer: Mailer; publicUrl: string | null; log: { warn(data: object, text: string): void } }

/** Mails what no mail has told of yet, in one mail to each address. Where none of them takes it, it is tried the next time. */
export async function mailAlerts({ db, mailer, publicUrl, log }: AlertMailSettings): Promise<number> {
  const addresses = await getAddresses(db)
  if (addresses.length === 0) return 0
  const alerts = await takeUnmailed(db)
  if (alerts.length === 0) return 0
  const installation = await getSetting(db, 'installation', 'User 360')
  const text = alerts.map(({ message, href }) => `${message}${href && publicUrl ? `\n${publicUrl}${href}` : ''}`).join('\n\n')
  const subject = alerts.length === 1 ? `${installation}: ${alerts[0]!.message.slice(0, 150)}` : `${installation}: ${alerts.length} alerts`
  let sent = 0
  for (const address of addresses) {
    await mailer.send({ to: { name: '', address }, subject, text: `${text}\n` }).then(() => { sent++ }, (error: { code?: string }) => log.warn({ code: error.code }, 'an alert was not mailed'))
  }
  if (sent === 0) await setUnmailed(db, alerts.map(({ id }) => id))
  return sent
}

/** Looks every half minute, until `stop`. */
export function keepMailing(settings: AlertMailSettings): { stop(): void } {
  const act = () => void mailAlerts(settings).catch((error: unknown) => settings.log.warn({ err: error }, 'alerts'))
  const timer = setInterval(act, 30_000)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
