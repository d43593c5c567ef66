// A console in miniature for embedded.test.ts: starts the database of a folder, commits one row, says so and waits.
import pg from 'pg'
import { startEmbedded } from '../../src/db/embedded.ts'

const server = await startEmbedded({ dataDir: process.argv[2] ?? '', log: () => {} })
const client = new pg.Client(server.url)
client.on('error', () => {})
await client.connect()
await client.query('create table if not exists kept (id int generated always as identity, by int)')
await client.query('insert into kept (by) values ($1)', [process.pid])
const { rows } = await client.query<{ count: string }>('select count(*) from kept')
// Before anything is said: who reads it may end this process at once.
process.once('SIGTERM', () => {
  client.end().then(() => server.stop()).then(() => process.exit(0), () => process.exit(1))
})
process.stdout.write(`${JSON.stringify({ postmaster: server.pid, found: server.found, rows: Number(rows[0]?.count), uid: process.getuid?.() })}\n`)
setInterval(() => {}, 1000)
