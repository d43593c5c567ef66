import { join } from 'node:path'
import { openDatabase, openPool } from '../db/database.ts'
import { runProcess } from '../run-process.ts'
import { startServer } from '../server.ts'
import { demoSignIn, prepareSignIn } from './sign-in.ts'

// Its own folder and the embedded database: the demo never touches real data.
const environment = { ...process.env, DATABASE_URL: '', DATA_DIR: process.env['DEMO_DATA_DIR'] || join('data', 'demo'), LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn' }

await runProcess(environment, async (settings) => {
  const { dataDir } = settings.config
  let signIn: Awaited<ReturnType<typeof demoSignIn>> | undefined
  console.log('Starting the demo …')
  const server = await startServer(settings, async (url) => {
    const db = openDatabase(openPool(url, { max: 3, name: 'user-360-demo' }))
    try {
      await prepareSignIn(db, dataDir)
      signIn = await demoSignIn(db, dataDir)
    } finally {
      await db.destroy()
    }
  })
  console.log(`\n  Address   ${server.address}\n  E-mail    ${signIn?.email}\n  Password  ${signIn?.password ?? '(the one you chose)'}\n\nCtrl-C ends it. What you do here is kept for the next start, in ${dataDir}\n`)
  return server
})
