import { join } from 'node:path'
import { openDatabase, openPool } from '../db/database.ts'
import { runProcess } from '../run-process.ts'
import { startServer } from '../server.ts'
import { fillDemo } from './fill.ts'
import { demoSignIn, prepareSignIn } from './sign-in.ts'

// Its own folder and the embedded database: the demo never touches real data.
const environment = { ...process.env, DATABASE_URL: '', DATA_DIR: process.env['DEMO_DATA_DIR'] || join('data', 'demo'), LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn' }

await runProcess(environment, async (settings) => {
  const { config, log } = settings
  const { dataDir, timeZone } = config
  let signIn: Awaited<ReturnType<typeof demoSignIn>> | undefined
  let leaving = false
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => { leaving = true })
  console.log('Starting the demo …')
  const server = await startServer(settings, async (url) => {
    const pool = openPool(url, { max: 5, name: 'user-360-demo' })
    try {
      const operator = await prepareSignIn(openDatabase(pool), dataDir)
      signIn = await demoSignIn(openDatabase(pool), dataDir)
      await fillDemo({ pool, dataDir, timeZone, log, operator, leaving: () => leaving, say: (text) => { console.log(text) } })
    } finally {
      await pool.end()
    }
  })
  if (!leaving) console.log(`\n  Address   ${server.address}\n  E-mail    ${signIn?.email}\n  Password  ${signIn?.password ?? '(the one you chose)'}\n\nCtrl-C ends it. What you do here is kept for the next start, in ${dataDir}\n`)
  return server
})
