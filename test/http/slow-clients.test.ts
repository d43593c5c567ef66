import { connect, type AddressInfo, type Socket } from 'node:net'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { build, cookieOf, tokenOf, type TestApp } from '../helper.ts'

const patience = { headers: 600, body: 500, leastBytes: 64, idle: 1500, keepAlive: 900 }

interface Line { socket: Socket; text(): string; closed: Promise<number> }

async function open(t: Test, { app }: TestApp): Promise<Line> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  const began = Date.now()
  let text = ''
  socket.on('data', (data) => { text += data.toString() }).on('error', () => {})
  return { socket, text: () => text, closed: new Promise((resolve) => { socket.once('close', () => { resolve(Date.now() - began) }) }) }
}

/** The answer to a request, or 'still open' where none came in time. */
const within = async (line: Line, milliseconds: number): Promise<number | 'still open'> => Promise.race([line.closed, sleep(milliseconds, 'still open' as const)])

async function signedIn(world: TestApp): Promise<string> {
  const page = await world.app.inject({ url: '/sign-in' })
  const answer = await world.app.inject({ method: 'POST', url: '/sign-in', headers: { cookie: cookieOf(page), 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams({ _csrf: tokenOf(page), email: 'admin@example.com', password: 'correct horse battery' }).toString() })
  const token = tokenOf(await world.app.inject({ url: '/password', headers: { cookie: cookieOf(answer) } }))
  return `Host: localhost\r\nCookie: ${cookieOf(answer)}\r\nx-csrf-token: ${token}\r\n`
}

const part = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
const upload = (headers: string, bytes: number) => `POST /settings/sources/uploads HTTP/1.1\r\n${headers}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: ${bytes}\r\n\r\n`

t.test('slow senders', async (t) => {
  const world = await build(t, { patience })
  const headers = await signedIn(world)

  t.test('who says nothing, or never ends the headers, is not waited for', async (t) => {
    const silent = await open(t, world)
    t.type(await within(silent, 4000), 'number')
    const endless = await open(t, world)
    endless.socket.write('GET /sign-in HTTP/1.1\r\nHost: localhost\r\n')
    const drip = setInterval(() => endless.socket.write('X-More: 1\r\n'), 100)
    t.teardown(() => { clearInterval(drip) })
    t.type(await within(endless, 4000), 'number')
    t.match(endless.text(), /^HTTP\/1\.1 408 /)
  })

  t.test('a body that stands still ends the request', async (t) => {
    const line = await open(t, world)
    line.socket.write(`POST /sign-in HTTP/1.1\r\n${headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=a`)
    t.type(await within(line, 4000), 'number')
    t.match(line.text(), /^HTTP\/1\.1 408 /)
  })

  t.test('one that trickles too', async (t) => {
    const line = await open(t, world)
    line.socket.write(`POST /sign-in HTTP/1.1\r\n${headers}Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n`)
    const drip = setInterval(() => line.socket.write('1\r\na\r\n'), 150)
    t.teardown(() => { clearInterval(drip) })
    t.type(await within(line, 4000), 'number')
    t.match(line.text(), /^HTTP\/1\.1 408 /)
  })

  t.test('one that was answered before it ended is not kept either', async (t) => {
    const line = await open(t, world)
    line.socket.write('POST /settings/sources/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x')
    t.type(await within(line, 4000), 'number')
    t.match(line.text(), /^HTTP\/1\.1 303 .*\r\nlocation: \/sign-in/is)
  })

  t.test('an upload that stands still leaves no file', async (t) => {
    const line = await open(t, world)
    line.socket.write(`${upload(headers, 100_000)}${part}id,name\n${'1,a\n'.repeat(100)}`)
    t.type(await within(line, 4000), 'number')
    for (let waited = 0; waited < 2000 && (await readdir(join(world.dataDir, 'uploads'))).length; waited += 50) await sleep(50)
    t.same(await readdir(join(world.dataDir, 'uploads')), [])
  })

  t.test('an upload that goes on takes as long as it takes', async (t) => {
    const rows = Array.from({ length: 20 }, (_, index) => `${index},${'x'.repeat(100)}\n`)
    const bytes = Buffer.byteLength(`${part}id,name\n${rows.join('')}\r\n--x--\r\n`)
    const line = await open(t, world)
    const began = Date.now()
    line.socket.write(`${upload(headers, bytes)}${part}id,name\n`)
    for (const row of rows) {
      await sleep(150)
      line.socket.write(row)
    }
    line.socket.write('\r\n--x--\r\n')
    t.ok(Date.now() - began > 4 * patience.body, 'longer than a body may stand still, many times over')
    for (let waited = 0; waited < 4000 && !line.text(); waited += 50) await sleep(50)
    t.match(line.text(), /^HTTP\/1\.1 303 .*\r\nlocation: \/settings\/sources\/uploads\/[0-9a-f]{24}/is)
    const kept = await world.db.selectFrom('uploads').select('bytes').executeTakeFirstOrThrow()
    t.equal(Number(kept.bytes), Buffer.byteLength(`id,name\n${rows.join('')}`))
  })

  t.test('a connection that asks nothing more is closed', async (t) => {
    const line = await open(t, world)
    line.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    t.type(await within(line, 5000), 'number')
    t.match(line.text(), /^HTTP\/1\.1 200 /)
  })
})

t.test('a request that the console works at is not ended', async (t) => {
  const world = await build(t, { patience: { ...patience, idle: 400 } })
  const headers = await signedIn(world)
  await world.db.transaction().execute(async (trx) => {
    await sql`lock table operators in access exclusive mode`.execute(trx)
    const line = await open(t, world)
    line.socket.write(`GET /settings/operators HTTP/1.1\r\n${headers}\r\n`)
    t.equal(await within(line, 1500), 'still open')
    t.equal(line.text(), '')
  })
})

t.test('an answer that nobody takes is given up', async (t) => {
  const world = await build(t, { patience: { ...patience, idle: 400 } })
  const headers = await signedIn(world)
  // More than the buffers of any kernel take for who does not read.
  await sql`insert into history_entries (kind, title) select 'settings', repeat('much to say ', 400) from generate_series(1, 30000)`.execute(world.db)
  const line = await open(t, world)
  line.socket.pause()
  line.socket.write(`GET /settings/history/download.csv HTTP/1.1\r\n${headers}\r\n`)
  const connections = () => new Promise<number>((resolve) => { world.app.server.getConnections((_error, count) => { resolve(count) }) })
  while ((await connections()) === 0) await sleep(10)
  for (let waited = 0; waited < 8000 && (await connections()) > 0; waited += 100) await sleep(100)
  t.equal(await connections(), 0)
  line.socket.resume()
  await line.closed
  t.match(line.text().slice(0, 100), /^HTTP\/1\.1 200 /)
  t.notMatch(line.text().slice(-100), /\r\n0\r\n\r\n$/, 'and what came of it does not look whole')
})
