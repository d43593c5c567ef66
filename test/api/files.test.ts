import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openWorld } from '../history/acts.ts'
import { makeRole, signInWith } from '../role.ts'
import { bearerOf } from './bearer.ts'
import { misfitOf, readDocument } from './fits.ts'

async function open(t: Test) {
  const world = await openWorld(t)
  const bearer = await bearerOf(world, 1)
  const document = await readDocument(world)
  const ask = async (method: string, path: string, asked: Omit<Parameters<typeof bearer.send>[0], 'method' | 'url'> = {}) => {
    const answer = await bearer.send({ method: method as 'GET', url: `/api/v1${path}`, ...asked })
    t.equal(misfitOf(document, method, `/api/v1${path}`, answer), '', `${method} ${path} answers ${answer.statusCode} as the document says`)
    return answer
  }
  /** Waits until so many files lie among the uploads: those that are not taken go right after the answer. */
  const uploads = async (many: number) => {
    const list = () => readdir(join(world.dataDir, 'uploads')).catch(() => [])
    for (let tries = 0; tries < 300 && (await list()).length !== many; tries++) await new Promise((resolve) => { setTimeout(resolve, 10) })
    return (await list()).length
  }
  return { world, bearer, ask, uploads }
}

const csv = { 'content-type': 'text/csv' }
const head = 'no,mobile,name,city,level,likes,value,updated\n'

t.test('a file is streamed into its source, once for its key', async (t) => {
  const { world, ask, uploads } = await open(t)
  t.match((await ask('GET', '/sources')).json(), { sources: [{ id: 1, name: 'Shop members', keyColumn: 'no', columns: [{ name: 'no', kind: 'id', type: 'text' }] }, { id: 2 }] })
  const file = { payload: `${head}M1,13812345678,王晓敏,Ulm,Gold,tea,1,2026-06-05 10:00:00\nM9,13900000009,Ida,Bonn,Gold,tea,1,2026-06-05 10:00:00\n`, headers: csv, key: 'file' }
  const first = await ask('POST', '/sources/1/imports?fileName=june.csv', file)
  t.equal(first.statusCode, 202)
  const again = await ask('POST', '/sources/1/imports?fileName=june.csv', file)
  t.same([again.json(), again.headers['idempotent-replayed']], [first.json(), 'true'])
  t.equal(await uploads(1), 1, 'the file that came again is gone')
  t.equal((await ask('POST', '/sources/1/imports?fileName=june.csv', { ...file, payload: `${file.payload}M10,,,,,,,\n` })).statusCode, 422, 'another file with the same key')
  t.equal(await uploads(1), 1)
  await world.runJobs()
  t.match((await ask('GET', `/jobs/${first.json().job}`)).json(), { kind: 'import', status: 'done', title: 'Import of Shop members', counts: {} })
  t.equal(await world.shows('1', 'city'), 'Ulm')
  t.equal(await uploads(0), 0, 'what was imported is deleted')

  const whole = await ask('POST', '/sources/1/imports?whole=true', { payload: `${head}M9,13900000009,Ida,Bonn,Gold,tea,1,2026-06-05 10:00:00\n`, headers: csv })
  await world.runJobs()
  t.match((await ask('GET', `/jobs/${whole.json().job}`)).json(), { status: 'done' })
  t.equal((await world.pool.query('select rows_removed from import_runs order by id desc limit 1')).rows[0].rows_removed, '4')

  for (const [path, more, status] of [['/sources/99/imports', {}, 404], ['/sources/1/imports', { payload: '' }, 422], ['/sources/1/imports?whole=perhaps', {}, 422], ['/sources/1/imports?more=1', {}, 422], ['/sources/1/imports?fileName=..%2Fx', {}, 422], ['/sources/1/imports', { headers: { 'content-type': 'application/json' }, payload: '{}' }, 422], ['/sources/1/imports', { headers: { 'content-type': 'text/html' } }, 415]] as const) {
    t.equal((await ask('POST', path, { payload: `${head}M9,,,,,,,\n`, headers: csv, ...more })).statusCode, status, `${path} ${JSON.stringify(more)}`)
  }
  t.equal(await uploads(0), 0, 'nothing of what was refused is left')
  const broken = await ask('POST', '/sources/1/imports', { payload: 'no,mobile\nM1,1\n', headers: csv })
  await world.runJobs()
  t.match((await ask('GET', `/jobs/${broken.json().job}`)).json(), { status: 'stopped', error: /./ }, 'missing columns stop the run, and the job says why')
})

t.test('a sender who breaks off leaves nothing', async (t) => {
  const { world, bearer, uploads } = await open(t)
  const address = new URL(await world.app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(address.port), address.hostname)
  socket.write(`POST /api/v1/sources/1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bearer.secret}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n${head}${'M1,,,,,,,\n'.repeat(1000)}`)
  t.equal(await uploads(1), 1)
  socket.destroy()
  t.equal(await uploads(0), 0)
  t.equal((await world.pool.query('select from uploads')).rowCount, 0)
})

t.test('users are exported into a file, which its owner fetches', async (t) => {
  const { world, bearer, ask } = await open(t)
  const offered = (await ask('GET', '/exports/columns')).json().columns as { column: string }[]
  t.ok(offered.some(({ column }) => column === 'attribute:city') && offered.some(({ column }) => column.startsWith('id:')))
  const order = { json: { columns: ['user_id', 'attribute:city'], condition: { field: 'attribute:city', operator: 'is', values: ['berlin'] } }, key: 'export' }
  const first = await ask('POST', '/exports', order)
  t.equal(first.statusCode, 202)
  t.same((await ask('POST', '/exports', order)).json(), first.json())
  t.equal((await world.pool.query('select from exports')).rowCount, 1, 'one file for one key')
  t.match((await ask('GET', `/exports/${first.json().export}`)).json(), { status: 'waiting', rows: null, hasFile: false })
  t.equal((await ask('GET', `/exports/${first.json().export}/file`)).statusCode, 404)
  await world.runJobs()
  t.match((await ask('GET', `/exports/${first.json().export}`)).json(), { status: 'done', rows: 2, hasFile: true })
  t.match((await ask('GET', `/jobs/${first.json().job}`)).json(), { status: 'done', export: first.json().export, counts: { usersExported: 2 } })
  const file = await ask('GET', `/exports/${first.json().export}/file`)
  t.match(file.headers['content-disposition'], /^attachment; filename="users-\d+-\d+\.zip"$/)
  const rest = await ask('GET', `/exports/${first.json().export}/file`, { headers: { range: 'bytes=10-' } })
  t.same([rest.statusCode, createHash('md5').update(rest.rawPayload).digest('hex')], [206, createHash('md5').update(file.rawPayload.subarray(10)).digest('hex')], 'from any byte on')
  t.equal((await world.pool.query(`select from history_entries where title = 'Export downloaded' and token_id = $1`, [bearer.id])).rowCount, 1)
  t.equal((await world.pool.query('select from export_choices')).rowCount, 0, 'what programs choose is not offered to their operator')

  t.match((await ask('POST', '/exports', { json: { columns: ['user_id', 'tag:99999'] } })).json(), { status: 422, errors: [{ pointer: '#/columns/1' }] })
  t.match((await ask('POST', '/exports', { json: { columns: ['user_id'], condition: { and: [] } } })).json(), { status: 422, errors: [{ pointer: '#/condition' }] })
  const { id } = await signInWith(world, await makeRole(world, { permissions: ['user_360.export'], sources: { 1: { otherwise: 'full' }, 2: { otherwise: 'full' } }, otherAttributes: 'full' }))
  const other = await bearerOf(world, id)
  for (const path of ['', '/file']) t.equal((await other.send({ url: `/api/v1/exports/${first.json().export}${path}` })).statusCode, 404, 'a file of somebody else is not there')
  for (let more = 0; more < 3; more++) t.equal((await ask('POST', '/exports', { json: { columns: ['user_id'] } })).statusCode, 202)
  const tooMany = await ask('POST', '/exports', { json: { columns: ['user_id'] } })
  t.same([tooMany.statusCode, tooMany.headers['retry-after']], [429, '60'], 'the limits of pages hold here too')
})
