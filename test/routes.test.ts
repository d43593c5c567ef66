import t from 'tap'
import { build, cookieOf, tokenOf } from './helper.ts'

interface Route { method: string; url: string; permission: string | null }

/**
 * What each route asks for. A new route without a row here fails; so does one whose permission changes. 'static' routes serve
 * files that everybody may have and stand outside the guard.
 */
const expected: Record<string, string> = JSON.parse(await (await import('node:fs/promises')).readFile(new URL('routes.json', import.meta.url), 'utf8')) as Record<string, string>

t.test('every route asks for the permission it should, of strangers and of administrators', async (t) => {
  const routes: Route[] = []
  const app = await build(t, { onRoute: ({ methods, url, permission }) => { for (const method of methods) if (method !== 'HEAD' && method !== 'OPTIONS') routes.push({ method, url, permission: url.startsWith('/static/') ? 'static' : permission }) } })
  const found = Object.fromEntries(routes.map(({ method, url, permission }) => [`${method} ${url}`, permission ?? 'none']).sort())
  if (process.env['WRITE_ROUTES']) await (await import('node:fs/promises')).writeFile(new URL('routes.json', import.meta.url), `${JSON.stringify(found, null, 2)}\n`)
  t.same(found, expected, 'the live list is the table (after a look at it: WRITE_ROUTES=1 node test/run.ts test/routes.test.ts)')
  t.notOk(Object.values(found).includes('none'), 'none is without a permission')

  const guarded = routes.filter((route) => route.permission !== 'static' && route.permission !== 'public')
  for (const { method, url } of guarded) {
    const path = url.replaceAll(/:[a-z]+/gi, '1').replace('*', 'x')
    const stranger = await app.app.inject({ method: method as 'GET', url: path })
    t.ok(stranger.statusCode === 303 && String(stranger.headers.location).startsWith('/sign-in'), `a stranger is led to sign in from ${method} ${url}, not ${stranger.statusCode}`)
    if (method === 'GET') {
      const { statusCode } = await app.as({ method: 'GET', url: path })
      t.ok([200, 302, 303, 400, 404, 422].includes(statusCode), `an administrator gets an answer of ${url}: ${statusCode}`)
    }
  }
})

t.test('no unsafe method works without the token of the session', async (t) => {
  const routes: Route[] = []
  const app = await build(t, { onRoute: ({ methods, url, permission }) => { for (const method of methods) routes.push({ method, url, permission }) } })
  const unsafe = routes.filter(({ method }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method))
  t.ok(unsafe.length > 15, 'there are some')
  for (const { method, url } of unsafe) {
    const path = url.replaceAll(/:[a-z]+/gi, '1')
    t.equal((await app.as({ method: method as 'POST', url: path, headers: { 'x-csrf-token': 'not the one' }, form: {} })).statusCode, 403, `${method} ${url}`)
    const upload = await app.as({ method: method as 'POST', url: path, headers: { 'x-csrf-token': '', 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\r\n--x--\r\n' })
    t.equal(upload.statusCode, 403, `${method} ${url} as an upload`)
  }
})

t.test('signing in gives the session a new id', async (t) => {
  const { app, db } = await build(t)
  const page = await app.inject({ url: '/sign-in' })
  const { hashPassword } = await import('../src/operators/passwords.ts')
  await db.insertInto('operators').values({ email: 'b@example.com', name: 'B', password_hash: await hashPassword('another good one') }).execute()
  const answer = await app.inject({ method: 'POST', url: '/sign-in', headers: { cookie: cookieOf(page), 'x-csrf-token': tokenOf(page), 'content-type': 'application/x-www-form-urlencoded' }, payload: 'email=b%40example.com&password=another+good+one' })
  t.equal(answer.statusCode, 303)
  t.not(cookieOf(answer), cookieOf(page))
})
