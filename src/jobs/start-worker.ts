import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Outside } from '../config.ts'
import type { Log } from '../log.ts'

/** Starts the worker thread and answers once it takes jobs; `stop` ends it, an unfinished job is taken up at the next start. */
export function startWorker(data: { url: string; dataDir: string; aesKey: string | null; timeZone: string; outside?: Outside }, log: Log): Promise<{ stop(): Promise<void> }> {
  const worker = new Worker(join(import.meta.dirname, '../worker.ts'), { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 } })
  return new Promise((resolve, reject) => {
    let ready = false
    worker.on('message', (message: { level: string; data?: object; text?: string }) => {
      if (message.level === 'ready') { ready = true; resolve({ stop: () => stop(worker) }) }
      else if (message.level === 'error') log.error(message.data ?? {}, message.text)
      else log.info(message.data ?? {}, message.text)
    })
    worker.on('error', (error) => { log.error({ err: error }, 'worker thread ended'); if (!ready) reject(error) })
  })
}

async function stop(worker: Worker): Promise<void> {
  const gone = new Promise((resolve) => worker.once('exit', resolve))
  worker.postMessage('stop')
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000))])
  await worker.terminate()
}
