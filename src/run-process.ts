import { loadConfig, type Config } from './config.ts'
import { SchemaMismatch } from './db/check-schema.ts'
import { ConsoleRunning } from './db/console-lock.ts'
import { DataInUse } from './db/embedded.ts'
import { openLog, type Log } from './log.ts'

export interface Running { stop(): Promise<void> }
export interface StartSettings { config: Readonly<Config>; log: Log; onLost: (reason: string) => void }

/**
 * Runs something that serves until it is told to stop: mistakes in the configuration and failed starts are told in words
 * and end the process; Ctrl-C and SIGTERM close everything in order, a second Ctrl-C at once.
 */
export async function runProcess(env: Record<string, string | undefined>, start: (settings: StartSettings) => Promise<Running>): Promise<void> {
  let log: Log | undefined
  try {
    const config = loadConfig(env)
    log = openLog(config.logLevel)
    const asked = Promise.withResolvers<{ status: number; why: string }>()
    listenForSignals((name) => { asked.resolve({ status: 0, why: `${name} received` }) })
    const running = await start({ config, log, onLost: (reason) => { asked.resolve({ status: 1, why: reason }) } })
    const { status, why } = await asked.promise
    log[status === 0 ? 'info' : 'fatal'](`${why}: ending`)
    await running.stop()
    log.info('Ended')
    process.exit(status)
  } catch (error) {
    const { message } = error as Error
    if (!log) console.error(message)
    // What people can put right needs no trace of our code.
    else if (error instanceof DataInUse || error instanceof ConsoleRunning || error instanceof SchemaMismatch) log.fatal(message)
    else log.fatal({ err: error }, `The start failed: ${message}`)
    process.exit(1)
  }
}

function listenForSignals(ask: (name: string) => void): void {
  let first = 0
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // npm passes on the signal that the terminal has sent to both: the same press twice.
      if (first && Date.now() - first > 1500 && name === 'SIGINT') process.exit(130)
      first ||= Date.now()
      ask(name)
    })
  }
}
