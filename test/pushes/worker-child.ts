import { startWorker } from '../../src/jobs/start-worker.ts'
import { outside } from './world.ts'

// A console reduced to its worker thread, which may reach this machine. Arguments: database URL, data folder.
const [url = '', dataDir = ''] = process.argv.slice(2)
const log = { info() {}, error: (data: object, text: string) => { console.error(text, data) } }
await startWorker({ url, dataDir, aesKey: null, timeZone: 'UTC', outside }, log as never)
console.log('ready')
