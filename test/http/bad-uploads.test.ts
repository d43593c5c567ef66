import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { markup, wrongWith } from './bad-values.ts'
import { keepDatabase } from './checksum.ts'
import { nameOf, type LiveRoute } from './every-route.ts'
import { addressOf, openFilledWorld } from './filled-world.ts'
import { formsIn } from './forms-in.ts'

const uploads = ['POST /settings/sources/uploads', 'POST /settings/sources/:id/uploads', 'POST /audiences/uploads']

/** Names as they stand in the head of a part: bytes, where they are no text. */
const fileNames: Record<string, string | Buffer> = {
  'a path': '../../../../etc/passwd', 'a path of Windows': '..\\..\\boot.ini', 'a path that is encoded': '%2e%2e%2f%2e%2e%2fetc%2fpasswd', 'the folder itself': '.', 'the folder above': '..', 'nothing but a path': '///',
  'a header': 'a.csv\r\nSet-Cookie: evil=1\r\nX: ', 'a header of a file': 'a\nContent-Type: text/html', 'NUL': 'a\0b.csv', 'NUL alone': '\0', 'control characters': 'a\u0001\u0007\u001b[31m\u007f.csv', 'markup': markup.replaceAll('"', '%22'), 'a quotation mark': 'a".csv',
  'writing that runs backwards': '\u202egpj.csv', 'emoji that a cut would halve': `a${'😀'.repeat(150)}.csv`, '10,000 characters': `${'数'.repeat(10_000)}.csv`, 'a key of every object': '__proto__', 'a device': 'con', 'no UTF-8': Buffer.from([0x61, 0xff, 0xc0, 0xaf]), 'half a character': Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'white space': ' '
}
const contents: Record<string, string | Buffer> = {
  'nothing': '', 'an end of line': '\n', 'NUL': 'a,b\n\0,1\n', 'nothing but NUL': Buffer.alloc(2000), 'names of every object': '__proto__,constructor,toString\n1,2,3\n', 'names with NUL': 'a\0b,c\n1,2\n', 'names of 10,000 characters': `${'x'.repeat(10_000)},b\n1,2\n`, 'a name twice': 'a,a\n1,2\n', 'markup': `${markup.replaceAll('"', '')},b\n${markup.replaceAll('"', '')},1\n`,
  '5,000 columns': `${Array.from({ length: 5000 }, (_, n) => `c${n}`).join(',')}\n`, 'a quotation mark that stays open': 'a,b\n"1,2\n', 'no UTF-8': Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xff, 0xfe, 0xc0, 0x2c, 0x31, 0x0a]), 'UTF-16': Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'a ZIP': Buffer.from('504b0304140000000800', 'hex'), 'a line of a million characters': `a,b\n${'x'.repeat(1_000_000)},1\n`, 'emoji that a cut would halve': `a${'😀'.repeat(150)},b\n1,2\n`
}

const part = (disposition: string | Buffer, content: string | Buffer = 'key,points\na,1\n') => Buffer.concat(['--x\r\nContent-Disposition: form-data; ', disposition, '\r\nContent-Type: text/csv\r\n\r\n', content, '\r\n'].map((one) => Buffer.from(one as string)))
const named = (fileName: string | Buffer) => Buffer.concat([Buffer.from('name="file"; filename="'), Buffer.from(fileName as string), Buffer.from('"')])
const end = Buffer.from('--x--\r\n')
/** Bodies that are no upload of one file. */
const broken: Record<string, Buffer> = {
  'nothing': Buffer.alloc(0), 'an end alone': end, 'another boundary': Buffer.from('--y\r\n\r\na\r\n--y--\r\n'), 'a part without a head': Buffer.from('--x\r\n\r\na\r\n--x--\r\n'), 'a part without an end': part(named('a.csv')).subarray(0, 60), 'a file without a name': Buffer.concat([part('name="file"; filename=""'), end]), 'no file': Buffer.concat([part('name="file"'), end]),
  'a field of 3 MB': Buffer.concat([part('name="a"', 'x'.repeat(3_000_000)), end]), 'a head of 1 MB': Buffer.concat([part(`name="${'x'.repeat(1_000_000)}"`), end]),
  'keys of every object': Buffer.concat([part('name="__proto__"', 'a'), part('name="constructor"', 'a'), part('name="toString"', 'a'), end])
}

t.test('whatever a file is called and holds, it is taken under a name of one line or refused in words', { timeout: 120_000 }, async (t) => {
  const world = await openFilledWorld(t)
  const { as, db, dataDir, routes } = world
  const forms = await formsIn(world)
  t.same([...new Set(forms.filter(({ controls }) => [...controls.values()].includes('file')).map(({ route }) => nameOf(route)))].toSorted(), uploads.toSorted(), 'these are all forms that send a file')
  const kept = await keepDatabase(t, world.pool)
  const filesNow = async () => (await readdir(dataDir, { recursive: true })).length
  const send = (route: LiveRoute, payload: Buffer, type = 'multipart/form-data; boundary=x') => as({ method: 'POST', url: addressOf(world, route), headers: { 'content-type': type }, payload })

  for (const route of routes.filter((one) => uploads.includes(nameOf(one)))) {
    const problems: string[] = []
    /** Sends a file; what is kept of it is looked at, and taken away again. */
    const take = async (what: string, payload: Buffer) => {
      const answer = await send(route, payload)
      const wrong = wrongWith(answer) || (answer.statusCode === 303 || answer.statusCode >= 400 ? '' : `${answer.statusCode}`)
      if (wrong) problems.push(`${what}: ${wrong}`)
      if (answer.statusCode === 303) {
        const { file_name: name, path } = await db.selectFrom('uploads').select(['file_name', 'path']).orderBy('created_at', 'desc').executeTakeFirstOrThrow()
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        if (name === '' || name.length > 200 || !name.isWellFormed() || /[\u0000-\u001f\u007f/\\]/.test(name)) problems.push(`${what}: kept as ${JSON.stringify(name)}`)
        if (!path.startsWith(join(dataDir, 'uploads/'))) problems.push(`${what}: kept at ${path}`)
        const page = await as({ url: String(answer.headers.location) })
        if (wrongWith(page) || page.statusCode >= 400) problems.push(`${what}: the next page answers ${page.statusCode} ${wrongWith(page)}`)
      }
      const changed = await kept.changed()
      if (changed.some((table) => table !== 'uploads') || (changed.length && answer.statusCode !== 303)) problems.push(`${what}: ${answer.statusCode}, ${changed.join(', ')} changed`)
      if (changed.length) await kept.putBack(changed)
    }
    for (const [what, name] of Object.entries(fileNames)) await take(`a file called ${what}`, Buffer.concat([part(named(name)), end]))
    for (const [what, content] of Object.entries(contents)) await take(`a file that holds ${what}`, Buffer.concat([part(named('a.csv'), content), end]))
    // Fields that nobody asked for are passed over.
    await take('a file behind 200 fields', Buffer.concat([...Array.from({ length: 200 }, (_, n) => part(`name="f${n}"`, 'a')), part(named('a.csv')), end]))
    const files = await filesNow()
    for (const [what, payload] of Object.entries(broken)) {
      const answer = await send(route, payload)
      if (answer.statusCode < 400 || wrongWith(answer)) problems.push(`${what}: ${answer.statusCode}`)
    }
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=', `multipart/form-data; boundary=${'x'.repeat(10_000)}`, 'multipart/mixed; boundary=x', 'application/x-www-form-urlencoded', 'text/csv', 'application/json']) {
      const answer = await send(route, Buffer.concat([part(named('a.csv')), end]), type)
      if (answer.statusCode < 400 || wrongWith(answer)) problems.push(`${type.slice(0, 50)}: ${answer.statusCode}`)
    }
    problems.push(...(await kept.changed()).map((table) => `refused, and yet ${table} changed`))
    t.equal(await filesNow(), files, 'what is refused leaves no file')
    t.same(problems, [], nameOf(route))
  }
})
