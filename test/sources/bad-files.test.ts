import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { build } from '../helper.ts'
import { messageOf, upload, uploadRequest } from './upload.ts'

t.test('files that are no tables are refused in words, and nothing of them is kept', async (t) => {
  const app = await build(t)
  const refused = async (name: string, content: string | Buffer, cut = false) => {
    const page = await app.as(uploadRequest('/settings/sources/uploads', name, content, cut))
    t.equal(page.statusCode, 422, name)
    t.same(await readdir(join(app.dataDir, 'uploads')), [], 'the file is gone')
    t.same(await app.db.selectFrom('uploads').selectAll().execute(), [])
    return messageOf(page)
  }
  t.match(await refused('empty.csv', ''), /empty\.csv is empty/)
  t.match(await refused('blank.csv', '  \n\n \n'), /nothing but white space/)
  t.match(await refused('photo.png', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256))), /not a text file/)
  t.match(await refused('wide.csv', `${Array.from({ length: 2000 }, (_, index) => `c${index}`).join(',')}\n${'1,'.repeat(1999)}1\n`), /2,000 columns; at most 1,500 can be read/)
  t.match(await refused('line.csv', Buffer.alloc(3_000_000, 'a')), /first line is longer than 1 MB/)
  t.match(await refused('cut.csv', 'id,name\n1,a\n', true), /The upload of cut\.csv broke off/)
  const none = await app.as({ method: 'POST', url: '/settings/sources/uploads', headers: { 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n-\r\n--x--\r\n' })
  t.match(messageOf(none), /Choose a file first/)
})

t.test('an upload broken off by the sender leaves nothing, and the next page says so', async (t) => {
  const app = await build(t)
  await app.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.app.server.address() as AddressInfo
  const page = await app.as({ url: '/settings/sources/new' })
  const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  const cookie = String(page.raw.req.headers['cookie'])
  const outgoing = request({ port, host: '127.0.0.1', method: 'POST', path: '/settings/sources/uploads', headers: { cookie, 'content-type': 'multipart/form-data; boundary=x', 'content-length': 10_000_000 } })
  outgoing.on('error', () => {})
  outgoing.write(`--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${token}\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="long.csv"\r\nContent-Type: text/csv\r\n\r\n`)
  outgoing.write(Buffer.alloc(200_000, 'a'))
  await until(async () => (await readdir(join(app.dataDir, 'uploads')).catch(() => [])).length === 1)
  outgoing.destroy()
  await until(async () => (await readdir(join(app.dataDir, 'uploads'))).length === 0)
  await until(async () => /The upload of long\.csv broke off/.test((await app.as({ url: '/settings/sources' })).body))
  t.pass('it is told')
})

t.test('files with flaws can be imported, and the page says what is odd', async (t) => {
  const app = await build(t)
  const notes = async (name: string, content: string | Buffer) => messageOf(await app.as({ url: await upload(app, name, content) }))
  t.match(await notes('header.csv', 'id,name\n'), /has a header line and no rows/)
  t.match(await notes('twice.csv', 'id,mail,mail\n1,a,b\n2,a,b\n'), /same name: “mail”.*numbered/)
  t.match(await notes('nul.csv', 'id,name\n1,a\0b\n2,c\n'), /Line 2 would be rejected: it holds a NUL byte/)
  t.match(await notes('ragged.csv', 'id,name\n1,a\n2,b,c\n3\n4,d\n'), /Line 3 would be rejected: it has 3 columns instead of 2/)
  t.match(await notes('keys.csv', 'id,name\n1,a\n1,b\n,c\n2,d\n'), /Choose the column that names a row/)
  t.match(await notes('long.csv', `id,name\n1,${'x'.repeat(1_200_000)}\n2,b\n`), /first row is longer than 1 MB/)
  const dates = await notes('dates.csv', 'id,since\n1,03/04/2024\n2,05/06/2024\n')
  t.match(dates, /Choose the order of day and month/)
  t.notMatch(dates, /rejected/, 'dates whose order is not chosen yet are no mistakes of the file')
  t.notMatch(await notes('clear.csv', 'id,since\n1,03/04/2024\n2,25/06/2024\n'), /Choose the order/)
  const many = await upload(app, 'many.csv', `${Array.from({ length: 450 }, (_, index) => `c${index}`).join(',')}\n${'a,'.repeat(449)}1\n`)
  const page = await app.as({ url: many })
  t.match(messageOf(page), /The file has 450 columns; a source can have 400 imported ones/)
  t.match(page.body, /400 tags, 50 ignored/)
})

t.test('SQL and HTML in every field are text', async (t) => {
  const app = await build(t)
  const evil = `<b onclick="x">'; drop table sources; --</b>`
  const url = await upload(app, `${evil}.csv`, `id,"${evil.replaceAll('"', '""')}"\n1,"${evil.replaceAll('"', '""')}"\n2,b\n`)
  const { body } = await app.as({ url })
  t.notMatch(body, /<b onclick/)
  const names = /name="names" value="([^"]*)"/.exec(body)?.[1] ?? ''
  const response = await app.as({ method: 'POST', url: `${url}/import`, form: { names, alias: evil, key: '0', n1: evil, g1: evil.replaceAll('>', ''), x1: evil, v1: evil, encoding: evil, delimiter: evil, header: 'on' } })
  t.equal(response.statusCode, 303, messageOf(response))
  await app.runJobs()
  for (const page of ['/settings/sources', '/settings/sources/1', '/settings/sources/1/structure', '/settings/sources/1/removal', '/settings/imports/1']) {
    const answer = await app.as({ url: page })
    t.equal(answer.statusCode, 200, page)
    t.notMatch(answer.body, /<b onclick/, page)
  }
  t.match((await app.as({ url: '/settings/imports/1' })).body, /<dt>new rows<\/dt><dd>2<\/dd>/)
})

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not happen within 5 s')
}
