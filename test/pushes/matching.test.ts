import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import t from 'tap'
import { encryptAes } from '../../src/identities/aes.ts'
import { matchingValue } from '../../src/pushes/matching-value.ts'
import { build } from '../helper.ts'
import { seed } from '../seed.ts'
import { makeAudience, makeDestination, push, runsOf } from './world.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const aesKey = '0123456789ABCDEF'

/** Every file of a ZIP, by the list at its end. */
function filesIn(zip: Buffer): Record<string, string> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  const files: Record<string, string> = {}
  for (let n = zip.readUInt16LE(end + 10), entry = zip.readUInt32LE(end + 16); n > 0; n--) {
    const [size, nameLength, extra, comment, at] = [zip.readUInt32LE(entry + 20), zip.readUInt16LE(entry + 28), zip.readUInt16LE(entry + 30), zip.readUInt16LE(entry + 32), zip.readUInt32LE(entry + 42)]
    const from = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28)
    files[zip.toString('utf8', entry + 46, entry + 46 + nameLength)] = inflateRawSync(zip.subarray(from, from + size)).toString('utf8')
    entry += 46 + nameLength + extra + comment
  }
  return files
}

t.test('a value is hashed after it was normalised, and one that is hashed the other way is left out', (t) => {
  const value = (type: string, encryption: 'unencrypted' | 'md5' | 'sha256' | 'aes', text: string, hash: 'md5' | 'sha256' = 'md5') => matchingValue({ type, encryption }, text, hash, aesKey)
  t.same(value('MOBILE', 'unencrypted', ' +86 138-1234-5678'), { text: md5('13812345678') })
  t.same(value('EMAIL', 'unencrypted', 'Wang@Example.com', 'sha256'), { text: sha256('wang@example.com') })
  t.same(value('MOBILE', 'aes', encryptAes(aesKey, '13812345678')), { text: md5('13812345678') })
  t.same(value('MOBILE', 'md5', md5('13812345678').toUpperCase()), { text: md5('13812345678') })
  t.same(value('MOBILE', 'sha256', sha256('13812345678')), { leftOut: 'other' })
  t.same(value('MOBILE', 'md5', 'none'), { leftOut: 'unreadable' })
  t.same(value('MOBILE', 'aes', 'none'), { leftOut: 'unreadable' })
  t.same(value('OUID', 'unencrypted', ' AbC= '), { text: 'AbC=' }, 'goes as it is')
  t.same(value('OUID', 'md5', md5('x')), { leftOut: 'other' })
  t.end()
})

t.test('a matching file holds each ID type in files of as many rows as the receiver takes, and is fetched like an export', async (t) => {
  const world = await build(t)
  const { as } = world
  await seed(world, {
    alias: 'Calls', key: { column: 'no' }, columns: [
      { name: 'no', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'phone_md5', kind: 'id', type: 'text', idType: 'MOBILE', encryption: 'md5' },
      { name: 'mail_sha', kind: 'id', type: 'text', idType: 'EMAIL', encryption: 'sha256' }, { name: 'mail', kind: 'id', type: 'text', idType: 'EMAIL' }
    ]
  }, ['no,phone,phone_md5,mail_sha,mail', `1,13900000001,${md5('13900000001')},,`, `2,,${md5('13900000002')},${sha256('b@x.de')},`, '3,+86 139 0000 0003,,,C@x.de', '4,,,,', `5,,${'z'.repeat(32)},,`].join('\n'))
  const admin = await world.db.selectFrom('operators').select(['id', 'name']).where('email', '=', 'admin@example.com').executeTakeFirstOrThrow()
  const audience = await makeAudience(world, admin, { and: [] })
  const small = await makeDestination(world, 'data_bank', { least: 2, most: 200_000_000, rowsPerFile: 2 })
  const pushId = await push(world, audience, small, admin, { idTypes: ['MOBILE', 'EMAIL'], hash: 'md5' })
  await world.runJobs()
  const [run] = await runsOf(world, pushId)
  t.match(run, { state: 'done', total: '5', sent: '3', left_out: '2', counts: { MOBILE: 3, EMAIL: 1 }, problem: 'Left out: 1 value hashed the other way, 1 value that cannot be read.' })
  const answer = await as({ url: `/pushes/${pushId}/runs/${run!.id}/file` })
  t.equal(answer.headers['content-type'], 'application/zip')
  t.same(filesIn(answer.rawPayload), {
    'MOBILE-MD5-001.csv': `MOBILE(MD5)\r\n${md5('13900000001')}\r\n${md5('13900000002')}\r\n`, 'MOBILE-MD5-002.csv': `MOBILE(MD5)\r\n${md5('13900000003')}\r\n`, 'EMAIL-MD5-001.csv': `EMAIL(MD5)\r\n${md5('c@x.de')}\r\n`
  }, 'plain and hashed values of one user are one; the mail that came as SHA256 is in none')
  for (const { method, range, status } of [{ method: 'HEAD', range: undefined, status: 200 }, { method: 'GET', range: 'bytes=5-', status: 206 }] as const) {
    const part = await as({ method, url: `/pushes/${pushId}/runs/${run!.id}/file`, headers: range ? { range } : {} })
    t.equal(part.statusCode, status)
  }
  t.equal((await world.db.selectFrom('history_entries').select('id').where('title', '=', `Matching file of push ${pushId} downloaded`).execute()).length, 1, 'a look at its head, and the rest of a broken download, are no download of their own')
  t.match((await as({ url: `/pushes/${pushId}` })).body, /with MOBILE<\/dt><dd>3/)

  const large = await makeDestination(world, 'data_bank', { least: 5000, most: 200_000_000, rowsPerFile: 2 }, 'Real one')
  const review = await as({ method: 'POST', url: '/pushes/new', form: { audience: String(audience.id), destination: String(large.id), type: 'MOBILE', hash: 'sha256', act: 'review' } })
  t.match(review.body, 'The receiver takes 5,000 users or more.')
  t.notMatch(review.body, 'value="start"', 'too few cannot be sent')
  const refused = await push(world, audience, large, admin, { idTypes: ['MOBILE'], hash: 'md5' })
  await world.runJobs()
  t.match((await runsOf(world, refused))[0], { state: 'interrupted', problem: /only 3 have an ID/, file: null })
  t.same(await readdir(join(world.dataDir, 'pushes')), [run!.file], 'and nothing is left of a file that was not made')
  t.ok((await readFile(join(world.dataDir, 'pushes', run!.file!))).length > 0)
})
