import t from 'tap'
import { badValues, brokenPairs, enormous, header, strangeNames, wrongWith } from './bad-values.ts'
import { keepDatabase } from './checksum.ts'
import { isApi, nameOf, type LiveRoute } from './every-route.ts'
import { addressOf, openFilledWorld, type FilledWorld } from './filled-world.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** A body that is right for each route that takes one. */
function bodies({ columns }: FilledWorld): Record<string, Json> {
  const likes = `tag:${columns['1.likes']}`
  const city = { field: 'attribute:city', operator: 'is', values: ['Berlin'] }
  const condition: Json = { and: [city, { not: { noTag: true } }, { handSet: { moved: false, source: 1 } }, { audience: { how: 'none', ids: [1] } }] }
  return {
    'PATCH /api/v1/users/:id': { values: { 'attribute:city': 'Ulm', 'attribute:birthday': '1990-01-02', [`tag:${columns['1.value']}`]: '5.5', [likes]: ['tea', 'coffee'] } },
    'POST /api/v1/users/:id/tags': { tags: [{ field: likes, mode: 'add', values: ['chess'] }] },
    'POST /api/v1/taggings': { users: ['1', '2'], field: likes, mode: 'add', values: ['chess'], policy: 'keep' },
    'POST /api/v1/exports': { columns: ['user_id', 'attribute:city'], condition, bom: true, guard: false },
    'POST /api/v1/users/find': { type: 'MOBILE', value: '13812345678' },
    'POST /api/v1/users/query': { condition, sort: '-created', fields: ['attribute:name'], limit: 10 },
    'POST /api/v1/users/count': { condition }
  }
}

const any = 'any text'

type Right = typeof any | readonly string[]

/** Places in a body that take some of it, each with what: any text, or just that. By route and JSON pointer, with n for the number of an element. */
function alsoRight({ columns }: FilledWorld): Record<string, Right> {
  const [likes, value] = [`tag:${columns['1.likes']}`, `tag:${columns['1.value']}`]
  const ofCondition = (route: string): Record<string, Right> => ({
    [`${route} /condition/and`]: ['[]'], [`${route} /condition/and/n/values/n`]: any, [`${route} /condition/and/n/handSet/moved`]: ['true'], [`${route} /condition/and/n/handSet/source`]: ['null']
  })
  return {
    'PATCH /api/v1/users/:id /values/attribute:city': any, 'PATCH /api/v1/users/:id /values/attribute:birthday': ['null'], [`PATCH /api/v1/users/:id /values/${value}`]: ['null', '"-1"', '"1.5"', '"999999999"', '"9223372036854775808"'],
    [`PATCH /api/v1/users/:id /values/${likes}`]: any, [`PATCH /api/v1/users/:id /values/${likes}/n`]: any, 'POST /api/v1/users/:id/tags /tags/n/values/n': any, 'POST /api/v1/taggings /values/n': any,
    // Those who are not there are left out, as the document says.
    'POST /api/v1/taggings /users/n': ['"999999999"'],
    'POST /api/v1/users/find /value': any, 'POST /api/v1/users/query ': ['{}'], 'POST /api/v1/users/query /fields': ['[]'], 'POST /api/v1/users/count ': ['{}'], 'POST /api/v1/exports /guard': ['true'],
    // An empty list of conditions is no file of everybody.
    ...Object.fromEntries(Object.entries(ofCondition('POST /api/v1/exports')).filter(([place]) => !place.endsWith('/and'))), ...ofCondition('POST /api/v1/users/query'), ...ofCondition('POST /api/v1/users/count')
  }
}
/** For which any text is also none. */
const empty = ['null', '[]']

/** What no place of a body takes, as JSON says it; the last ones are what JavaScript cannot even write. */
const badJson: readonly { what: string; text: string; isText?: boolean }[] = [
  ...[...badValues, enormous].map(({ what, text }) => ({ what, text: JSON.stringify(text), isText: !text.includes('\0') })),
  ...['null', 'true', '-1', '0', '1.5', '1e9', '9223372036854775808', '1e400', '-1e400', '[]', '[[[]]]', '{}', '[null]', '{"a":{"b":1}}', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}', '"\\ud800"', '"a\\udc00b"', '["\\ud800"]', '{"\\ud800":1}', '"\\u0000"'].map((text) => ({ what: text, text }))
]
/** Where no text is taken at all, fewer of them. */
const fewJson = badJson.filter((_, index) => index < 4 || index > badValues.length)
/** Deeper than calls can be. */
const deepJson: typeof badJson = [
  { what: 'a list of a hundred thousand levels', text: '['.repeat(100_000) + ']'.repeat(100_000) }, { what: 'an object of a hundred thousand levels', text: `${'{"not":'.repeat(100_000)}1${'}'.repeat(100_000)}` }
]

/** Every place in a body: its pointer, and the whole as text with something else there. */
function placesIn(body: Json, pointer = ''): { pointer: string; value: Json; put(text: string): string }[] {
  const own = { pointer, value: body, put: (text: string) => text }
  if (body === null || typeof body !== 'object') return [own]
  const inner = Object.entries(body).flatMap(([name, value]) => placesIn(value, `${pointer}/${name}`).map((place) => ({
    ...place, put: (text: string) => (Array.isArray(body) ? `[${body.map((one, index) => (String(index) === name ? place.put(text) : JSON.stringify(one))).join(',')}]` : `{${Object.entries(body).map(([key, one]) => `${JSON.stringify(key)}:${key === name ? place.put(text) : JSON.stringify(one)}`).join(',')}}`)
  })))
  return [own, ...inner]
}

const isSame = (text: string, value: Json) => text === JSON.stringify(value)

t.test('no JSON makes the API fail, and what is not what it takes is refused and changes nothing', { timeout: 280_000 }, async (t) => {
  const world = await openFilledWorld(t)
  const { bearer, pool } = world
  const routes = world.routes.filter(({ url, method }) => isApi(url) && method !== 'GET')
  const right = bodies(world)
  const also = alsoRight(world)
  const kept = await keepDatabase(t, pool)
  const begin = performance.now()
  let thrown = 0
  const seen = new Set<string>()
  t.same(Object.keys(right).toSorted(), routes.filter(({ options }) => (options.schema as { body?: { type?: string } } | undefined)?.body?.type === 'object').map(nameOf).toSorted(), 'for every route with a body there is one that is right')

  async function send(route: LiveRoute, payload: string, { headers = {}, query = '' }: { headers?: Record<string, string>; query?: string } = {}) {
    const answer = await bearer.send({ method: route.method as 'POST', url: `${addressOf(world, route)}${query}`, payload, headers: { 'content-type': 'application/json', ...headers } })
    thrown++
    const changed = answer.statusCode < 400 ? await kept.changed() : []
    if (changed.length) await kept.putBack(changed)
    return { answer, changed, problem: wrongWith(answer) }
  }

  for (const route of routes) {
    const name = nameOf(route)
    const problems: string[] = []
    const body = right[name]
    if (body !== undefined) {
      const first = await send(route, JSON.stringify(body))
      if (first.answer.statusCode >= 400) problems.push(`what is right is answered with ${first.answer.statusCode}: ${first.answer.body}`)
      for (const { pointer, value, put } of placesIn(body)) {
        const place = `${name} ${pointer.replaceAll(/\/\d+/g, '/n')}`
        for (const { what, text, isText } of [...(typeof value === 'string' ? badJson : fewJson), ...(['', '/condition'].includes(pointer) ? deepJson : [])]) {
          if (isSame(text, value)) continue
          const { answer, problem } = await send(route, put(text))
          if (problem) problems.push(`${what} at ${pointer}: ${problem}`)
          if (answer.statusCode >= 400) continue
          const right = also[place]
          if (right === any ? (isText && text.length < 100_000) || empty.includes(text) : right?.includes(text)) seen.add(place)
          else problems.push(`${what} at ${pointer}: ${answer.statusCode} ${answer.body.slice(0, 100)}`)
        }
        if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
          for (const more of ['"unknown":1', '"__proto__":{"a":1}', '"constructor":{"prototype":{}}', '"toString":1', '"":1', '"\\u0000":1', `"${'x'.repeat(10_000)}":1`]) {
            const { answer, problem } = await send(route, put(`{${more},${JSON.stringify(value).slice(1)}`))
            if (problem || answer.statusCode < 400) problems.push(`${more.slice(0, 40)} added at ${pointer}: ${answer.statusCode}`)
          }
        }
      }
    }
    for (const [what, text] of Object.entries({ nothing: '', 'half of it': '{', 'no JSON': 'a=b', 'a list': '[]', 'a text': '"x"', 'a number': '1', 'only null': 'null', NUL: '\0', 'a hundred thousand levels': '['.repeat(100_000), '5 MB': JSON.stringify({ value: 'x'.repeat(5_000_000) }), 'keys of every object': '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}' })) {
      const { answer, problem, changed } = await send(route, text)
      // What takes no body takes no notice of one that can be read.
      if (problem || (answer.statusCode < 400 && body !== undefined)) problems.push(`${what}: ${answer.statusCode} ${changed.join(', ')}`)
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16', '\u00ff', 'a']) {
      const { answer, problem } = await send(route, JSON.stringify(body ?? {}), { headers: { 'content-type': type } })
      if (problem || (answer.statusCode < 400 && !type.startsWith('application/json'))) problems.push(`${type}: ${answer.statusCode}`)
    }
    for (const key of ['', ' ', 'a b', '\u00ff', 'x'.repeat(201), 'x'.repeat(10_000), '\t']) {
      const { answer, problem } = await send(route, JSON.stringify(body ?? {}), { headers: { 'idempotency-key': key } })
      if (problem || (answer.statusCode < 400 && (route.options.schema as { headers?: object } | undefined)?.headers && key !== '')) problems.push(`the key ${key.slice(0, 20)}: ${answer.statusCode}`)
    }
    const stream = route.url.endsWith('/imports')
    const plain = stream ? 'union,phone_md5,mail_sha,name,lang,note,at\nU9,,,,,,\n' : JSON.stringify(body ?? {})
    const headers: Record<string, string> = stream ? { 'content-type': 'text/csv' } : {}
    for (const asked of route.asked) {
      for (const { what, text } of [...badValues.map((bad) => ({ what: bad.what, text: `${asked}=${encodeURIComponent(bad.text)}` })), ...brokenPairs(asked)]) {
        const { problem } = await send(route, plain, { headers, query: `?${text}` })
        if (problem) problems.push(`${what} in ${asked}: ${problem}`)
      }
    }
    const strange = await send(route, plain, { headers, query: `?${strangeNames}` })
    if (strange.problem) problems.push(`names of every object: ${strange.problem}`)
    problems.push(...(await kept.changed()).map((table) => `refused, and yet ${table} changed`))
    t.same(problems, [], name)
  }
  t.same(Object.keys(also).filter((place) => !seen.has(place)), [], 'nothing is said to be right that is not')
  for (const secret of ['', 'x', `${bearer.secret}x`, '\u00ff', header.replaceAll(/[\r\n]/g, ' '), 'x'.repeat(10_000)]) {
    const answer = await world.app.inject({ url: '/api/v1/fields', headers: { authorization: `Bearer ${secret}` } })
    t.equal(answer.statusCode, 401, `the token ${secret.slice(0, 20)}`)
  }
  t.comment(`${thrown} requests in ${Math.round(performance.now() - begin)} ms`)
})
