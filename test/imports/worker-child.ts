import { startWorker } from '../../src/jobs/start-worker.ts'

// A console reduced to its worker thread, for tests that kill it. Arguments: database URL, data folder.
const [url = '', dataDir = ''] = process.argv.slice(2)
const log = { info() {}, error: (data: object, text: string) => { console.error(text, data) } }
await startWorker({ url, dataDir, aesKey: null, timeZone: 'UTC' }, log as never)
console.log('ready')
