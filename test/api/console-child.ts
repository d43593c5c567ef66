import { buildApp } from '../../src/app.ts'
import { openPool } from '../../src/db/database.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { nothingOutside } from '../helper.ts'

// A console reduced to its pages and its API, for tests that kill it. Arguments: database URL, data folder.
const [url = '', dataDir = ''] = process.argv.slice(2)
const app = await buildApp({
  pool: openPool(url, { max: 4, name: 'api-child' }), queue: { enqueue: insertJob, wake: async () => {}, stop: async () => {} }, dataDir, sessionSecret: 'a secret that is long enough for the session', secureCookies: false, trustProxy: ['loopback'], production: false,
  aesKey: null, timeZone: 'Asia/Shanghai', mailer: null, publicUrl: null, outside: nothingOutside, setUpCode: null, logger: false
})
console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
