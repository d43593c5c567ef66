import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { Invalid } from '../../src/problem.ts'
import { findUpload } from '../../src/sources/queries.ts'
import { isUploadedFile, receiveUpload } from '../../src/sources/receive-upload.ts'
import { openTestDatabase } from '../helper.ts'

t.test('uploads', async (t) => {
  const { db } = await openTestDatabase(t)
  const dataDir = await mkdtemp(join(tmpdir(), 'u360-upload-'))
  const file = (stream: Readable, more = {}) => ({ stream, fileName: 'members.csv', sourceId: null, operatorId: null, ...more })
  const left = () => readdir(join(dataDir, 'uploads'))

  t.test('a file is kept under a random name, readable by nobody else', async (t) => {
    const id = await receiveUpload(db, dataDir, file(Readable.from([Buffer.from('id\n'), Buffer.from('1\n')])))
    const upload = await findUpload(db, id)
    t.match(upload, { fileName: 'members.csv', bytes: 5, sourceId: null })
    t.equal(await readFile(upload?.path ?? '', 'utf8'), 'id\n1\n')
    t.ok(isUploadedFile(dataDir, upload?.path ?? ''))
    t.notOk(isUploadedFile(dataDir, '/etc/passwd'))
  })

  t.test('of a file that broke off nothing stays, and the message says so', async (t) => {
    const before = await left()
    async function* broken() { yield Buffer.alloc(70_000, 'a'); throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' }) }
    await t.rejects(receiveUpload(db, dataDir, file(Readable.from(broken()))), new Invalid('The upload of members.csv broke off after 70 kB. Nothing of it was kept; upload it again.'))
    t.same(await left(), before)
  })

  t.test('an empty file is refused', async (t) => {
    await t.rejects(receiveUpload(db, dataDir, file(Readable.from([]))), /members.csv is empty/)
  })

  t.test('a full disk is told in words, after the sender has sent all', async (t) => {
    let read = 0
    async function* body() { for (let chunk = 0; chunk < 10; chunk++) { read++; yield Buffer.alloc(1000) } }
    const full = async () => ({ write: async () => { throw Object.assign(new Error('no space'), { code: 'ENOSPC' }) }, close: async () => {} })
    await t.rejects(receiveUpload(db, dataDir, file(Readable.from(body())), full), /disk of the console is full/)
    t.equal(read, 10)
  })

  t.test('a file larger than the free disk is refused before it is written', async (t) => {
    await t.rejects(receiveUpload(db, dataDir, file(Readable.from([Buffer.from('a')]), { announcedBytes: 1e17 })), /not enough room.*100000 TB/)
  })
})
