import { connect, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { build } from '../helper.ts'
import { badValues, brokenCodes, brokenPairs, enormous, strangeNames, wrongWith } from './bad-values.ts'
import { keepDatabase } from './checksum.ts'
import { isApi, nameOf, type LiveRoute } from './every-route.ts'
import { addressOf, openFilledWorld } from './filled-world.ts'

/** What looking at leaves a mark by design: it is thrown at with what is not there alone. */
const recorded: Record<string, string> = {
  'GET /pushes/:id/runs/:run/failures.csv': 'that a file was fetched stands in the history', 'GET /pushes/:id/runs/:run/file': 'that a file was fetched stands in the history',
  'GET /exports/:id/file': 'that a file was fetched stands in the history', 'GET /api/v1/exports/:id/file': 'that a file was fetched stands in the history'
}

interface Throw { what: string; address: string; headers?: Record<string, string> }

t.test('whatever stands in an address is answered with what it is, and changes nothing', { timeout: 280_000 }, async (t) => {
  const world = await openFilledWorld(t)
  const { pool, routes, queries } = world
  const readable = routes.filter(({ method }) => method === 'GET')
  const queryOf = ({ url }: LiveRoute, without = '') => Object.entries(queries[url] ?? {}).filter(([name]) => name !== without).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const wholeOf = (route: LiveRoute, without = '', ...more: string[]) => [addressOf(world, route), [...queryOf(route, without), ...more].join('&')].filter(Boolean).join('?')

  function ask({ method, url }: LiveRoute, { address, headers = {} }: Pick<Throw, 'address' | 'headers'>) {
    const options = { method: method as 'GET', url: address, headers: url === '/metrics' ? { ...headers, authorization: 'Bearer for metrics' } : headers }
    if (isApi(url)) return world.bearer.send(method === 'GET' ? options : { ...options, json: {} })
    return world.as(method === 'GET' ? options : { ...options, form: {} })
  }

  for (const route of readable) {
    const { statusCode } = await ask(route, { address: wholeOf(route) })
    t.ok(statusCode < 400, `${nameOf(route)} is filled with what is there, and answers ${statusCode}: ${wholeOf(route)}`)
  }
  const kept = await keepDatabase(t, pool)
  const begin = performance.now()
  let thrown = 0

  /** Throws all of them, several at once, and says what went wrong. */
  async function throwAll(t: Test, said: () => string, route: LiveRoute, all: Iterator<Throw>, refused = false): Promise<void> {
    const problems: string[] = []
    const next = async (): Promise<void> => {
      for (let one = all.next(); !one.done; one = all.next()) {
        const answer = await ask(route, one.value)
        thrown++
        const wrong = wrongWith(answer) || (refused && answer.statusCode < 400 ? `${answer.statusCode}, as if it were one` : '')
        if (wrong) problems.push(`${one.value.what}: ${wrong}`)
      }
    }
    await Promise.all(Array.from({ length: 4 }, next))
    const changed = await kept.changed()
    if (changed.length) await kept.putBack(changed)
    t.same([...problems, ...changed.map((table) => `${table} changed`)], [], said())
  }

  await t.test('in a part of the path', async (t) => {
    for (const route of routes) {
      const { properties = {} } = ((route.options.schema as { params?: { properties?: Record<string, { type?: string }> } } | undefined)?.params ?? {})
      for (const name of route.params) {
        // Numbers are all refused by one schema.
        const few = properties[name]?.type === 'integer'
        const values = [...[...badValues.filter(({ code }) => code || !few), enormous].map(({ what, text }) => ({ what, text: encodeURIComponent(text) })), ...brokenCodes.slice(few ? 2 : 0)]
        await throwAll(t, () => `${name} of ${nameOf(route)}`, route, values.map(({ what, text }) => ({ what, address: addressOf(world, route, { [name]: text }) })).values(), true)
        await pool.query('delete from sign_in_failures')
      }
    }
  })

  await t.test('behind the question mark', async (t) => {
    for (const route of readable) {
      const all = function* (): Generator<Throw, undefined> {
        if (!(nameOf(route) in recorded)) yield { what: 'names of every object', address: wholeOf(route, '', strangeNames) }
        // Names that are looked at only where another is given are found on the way.
        for (const name of route.asked) {
          for (const { what, text } of badValues.filter(({ code }) => code)) yield { what: `${what} in ${name}`, address: wholeOf(route, name, `${encodeURIComponent(name)}=${encodeURIComponent(text)}`) }
          for (const { what, text } of brokenPairs(name, queries[route.url]?.[name]).filter(({ what }) => what !== 'half a code' && what !== 'no UTF-8')) yield { what: `${what} in ${name}`, address: wholeOf(route, name, text) }
        }
      }
      await throwAll(t, () => `${nameOf(route)}${route.asked.size ? `, which asks for ${[...route.asked].join(', ')}` : ''}`, route, all())
    }
  })

  await t.test('in the head', async (t) => {
    const heads: Omit<Throw, 'address'>[] = [
      { what: 'no address', headers: { 'hx-current-url': 'http://[', referer: 'http://[', range: 'bytes=-1--2', 'hx-source': '__proto__', cookie2: '\u00ff' } },
      { what: 'an address that cannot be read', headers: { 'hx-current-url': 'http://localhost:80/users?where=%5B%5B%22x%22%5D%5D&__proto__=%00&a=%zz', referer: `http://localhost:80/${'x'.repeat(10_000)}`, range: `bytes=${'9'.repeat(400)}-,-1`, 'hx-source': `tr#${'x'.repeat(10_000)}` } }
    ]
    for (const route of readable.filter((one) => !(nameOf(one) in recorded))) await throwAll(t, () => nameOf(route), route, heads.map((head) => ({ ...head, address: wholeOf(route) })).values())
  })
  t.comment(`${thrown} requests in ${Math.round(performance.now() - begin)} ms`)
})

t.test('what no browser sends is refused on the line, and the console goes on', async (t) => {
  const { app } = await build(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  for (const [what, head] of Object.entries({
    'an address of a million characters': `GET /users?id=${'x'.repeat(1_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'an address with NUL': 'GET /users\0 HTTP/1.1\r\nHost: x\r\n\r\n', 'an address that is not ASCII': 'GET /users/\u00ff HTTP/1.1\r\nHost: x\r\n\r\n',
    'a header with NUL': 'GET /users HTTP/1.1\r\nHost: x\r\nCookie: user360=\0\r\n\r\n', 'no HTTP': '\0\0\0\0\r\n\r\n', 'a length below nothing': 'POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'
  })) {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {})
    // The console may close before all of it was sent.
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.write(Buffer.from(head, 'latin1'))
    await closed
    t.match(Buffer.concat(chunks).toString('latin1'), /^HTTP\/1\.1 4\d\d /, what)
  }
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200)
})
