import { setTimeout as sleep } from 'node:timers/promises'
import { keepMailing } from './alerts/mail-alerts.ts'
import { buildApp } from './app.ts'
import type { Outside } from './config.ts'
import { openDatabase, openPool } from './db/database.ts'
import { openRuntime } from './db/open-runtime.ts'
import { keepHouse } from './imports/housekeeping.ts'
import { openQueue } from './jobs/queue.ts'
import { startWorker } from './jobs/start-worker.ts'
import { openMailer } from './mail/mailer.ts'
import { generateCode } from './operators/passwords.ts'
import { isSetUp } from './operators/queries.ts'
import { keepSchedules } from './schedules/keep-schedules.ts'
import { starters } from './starters.ts'
import { runProcess, type Running, type StartSettings } from './run-process.ts'
import { sessionSecret } from './session-secret.ts'

export interface Server extends Running { address: string; url: string }

/** Database, worker thread and pages, in this order; `stop` ends them in the other. `beforeServing` may fill an empty database. */
export async function startServer({ config, log, onLost }: StartSettings, beforeServing?: (url: string) => Promise<void>): Promise<Server> {
  const opened = new AsyncDisposableStack()
  try {
    const runtime = opened.adopt(await openRuntime(config, (message) => { log.info(message) }, { console: true, onLost }), (it) => it.stop())
    await beforeServing?.(runtime.url)
    const pool = opened.adopt(openPool(runtime.url, { max: 10, name: 'user-360' }), (it) => it.end())
    const setUpCode = (await isSetUp(openDatabase(pool))) ? null : generateCode(3)
    const queue = opened.adopt(await openQueue(runtime.url, log), (it) => it.stop())
    const { dataDir, timeZone, secureCookies, trustProxy, production, smtpUrl, mailFrom } = config
    const outside: Outside = { smtpUrl, mailFrom, publicUrl: config.publicUrl, privateRanges: config.privateRanges }
    const aesKey = config.aesKey ?? null
    const mailer = smtpUrl && mailFrom ? openMailer({ url: smtpUrl, from: mailFrom }) : null
    if (mailer && !config.publicUrl) log.warn('SMTP_URL is set and PUBLIC_URL is not: one-time links are shown, and not mailed.')
    opened.adopt(await startWorker({ url: runtime.url, dataDir, aesKey, timeZone, outside }, log), (it) => it.stop())
    opened.adopt(keepHouse(openDatabase(pool), dataDir, log), (it) => it.stop())
    opened.adopt(keepSchedules({ db: openDatabase(pool), queue, starters, log }), (it) => it.stop())
    if (mailer) opened.adopt(keepMailing({ db: openDatabase(pool), mailer, publicUrl: config.publicUrl ?? null, log }), (it) => it.stop())
    const secret = await sessionSecret(config.sessionSecret, dataDir)
    const app = await buildApp({ pool, queue, dataDir, aesKey, timeZone, mailer, outside, publicUrl: config.publicUrl ?? null, secureCookies, trustProxy, production, sessionSecret: secret, setUpCode, metricsToken: config.metricsToken, logger: log })
    // An upload under way must not keep the process from ending.
    opened.adopt(app, (it) => Promise.race([it.close(), sleep(10_000, undefined, { ref: false })]).then(() => {}))
    const address = await app.listen({ port: config.port, host: config.host, listenTextResolver: (at) => `Listening at ${at}` })
    if (setUpCode) log.warn(`Nobody can sign in yet. Open ${address}/set-up and enter the one-time code ${setUpCode}`)
    return { address, url: runtime.url, stop: () => opened.disposeAsync() }
  } catch (error) {
    await opened.disposeAsync()
    throw error
  }
}

if (import.meta.main) await runProcess(process.env, startServer)
