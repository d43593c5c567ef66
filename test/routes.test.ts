import t from 'tap'
import { permissionPath, permissions, type RoutePermission } from '../src/access/permissions.ts'
import { bearerOf } from './api/bearer.ts'
import { build, cookieOf, tokenOf } from './helper.ts'
import { makeRole, signInWith, type Send } from './role.ts'
import { makeWorld } from './users/world.ts'

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
    if (isApi(url)) {
      t.equal(stranger.statusCode, 401, `a stranger needs a token for ${method} ${url}`)
      t.equal((await app.as({ method: method as 'GET', url: path })).statusCode, 401, `the session of a browser opens nothing at ${method} ${url}`)
      continue
    }
    t.ok(stranger.statusCode === 303 && String(stranger.headers.location).startsWith('/sign-in'), `a stranger is led to sign in from ${method} ${url}, not ${stranger.statusCode}`)
    if (method === 'GET') {
      const { statusCode } = await app.as({ method: 'GET', url: path })
      t.ok([200, 302, 303, 400, 404, 422].includes(statusCode), `an administrator gets an answer of ${url}: ${statusCode}`)
    }
  }
})

/** Asked by programs with a token, and not by pages with a session. */
const isApi = (url: string) => url.startsWith('/api/v1/')

/** Answers of 403 to who holds the permission: what has the number 1 is the Administrator, role and person, and each says so itself; who may download audiences gets no file of everybody. */
const [ofRole, ofAccount] = ['by an administrator only', 'Only an administrator can change this account']
const narrower: Record<string, string> = {
  'GET /settings/sources/from/:connection': 'making sources and importing', 'POST /settings/sources/from/:connection': 'making sources and importing',
  'POST /see-as/:role': 'Only administrators can look', 'POST /settings/roles/:id': ofRole, 'POST /settings/roles/:id/deletion': ofRole, 'POST /settings/roles/:id/permissions': ofRole,
  'POST /settings/roles/:id/data/:source': ofRole, 'POST /settings/roles/:id/data/attributes': ofRole, 'POST /settings/operators/:id/invitations': ofAccount, 'POST /settings/operators/:id/switch': ofAccount,
  'GET /users/exports': 'a file of these users', 'POST /users/exports': 'a file of these users',
  'POST /settings/operators/:id/two-step-reset': ofAccount, 'POST /settings/operators/:id/sign-out': ofAccount, 'POST /settings/operators/:id/removal': ofAccount
}

t.test('every route is open to who holds its permission, and closed with words to everybody else', { timeout: 280_000 }, async (t) => {
  const routes: Route[] = []
  const app = await build(t, { onRoute: ({ methods, url, permission }) => { for (const method of methods) if (method !== 'HEAD' && method !== 'OPTIONS') routes.push({ method, url, permission }) } })
  await makeWorld(app)
  const presets = await app.db.selectFrom('roles').select(['id', 'name', 'permissions']).where('administrator', '=', false).execute()
  const holders: { called: string; permissions: readonly string[]; as: Send; byToken: Send }[] = []
  const holderOf = async (called: string, held: readonly string[], ...roles: number[]) => { const { id, as } = await signInWith(app, ...roles); return { called, permissions: held, as, byToken: (await bearerOf(app, id)).send } }
  for (const { id, name, permissions } of presets) holders.push(await holderOf(name, permissions, id))
  const alone = new Map<string, (typeof holders)[number]>()
  for (const permission of permissions) alone.set(permission, await holderOf(`who holds ${permission} alone`, [permission], await makeRole(app, { permissions: [permission], sources: { 1: { otherwise: 'full' } }, otherAttributes: 'full' })))
  holders.push(await holderOf('an operator without a role', []))

  // Signing out comes last: it ends the session that asks.
  const guarded = routes.filter(({ permission, url }) => permission !== 'public' && !url.startsWith('/static/')).toSorted((a, b) => Number(a.url === '/sign-out') - Number(b.url === '/sign-out'))
  const asked = new Set<string>()
  for (const { method, url, permission } of guarded) {
    const needed = permission as RoutePermission
    const exactly = needed === 'signed_in' ? [] : needed.split(' or ').map((one) => alone.get(one)!)
    for (const { called, permissions: held, as: bySession, byToken } of [...holders, ...exactly]) {
      const as = isApi(url) ? byToken : bySession
      const route = `${method} ${url}`
      const answer = await as({ method: method as 'GET', url: url.replaceAll(/:[a-z]+/gi, '1'), ...(method === 'GET' || isApi(url) ? {} : { form: {} }) })
      t.ok(answer.statusCode < 500, `${route} answers ${called}: ${answer.statusCode}`)
      if (needed === 'signed_in' || needed.split(' or ').some((one) => held.includes(one))) {
        t.ok(answer.statusCode !== 403 || (route in narrower && answer.body.includes(narrower[route]!)), `${route} is open to ${called}: ${answer.statusCode}`)
        t.notMatch(answer.body, 'Missing permission', `${route} misses nothing of ${called}`)
      } else {
        t.equal(answer.statusCode, 403, `${route} is closed to ${called}`)
        if (isApi(url)) t.match(answer.json(), { type: '/api#problem-not-allowed', detail: `This token may not do that, or its operator may not: it needs ${permissionPath(needed)}.` })
        else t.match(answer.body, `Missing permission: <strong>${permissionPath(needed).replaceAll('>', '&gt;')}</strong>. Lin Yating can give it`, `${route} tells ${called} what is missing, and who can give it`)
      }
      asked.add(route)
    }
  }
  t.same([...asked].toSorted(), Object.entries(expected).filter(([, permission]) => permission !== 'public' && permission !== 'static').map(([route]) => route).toSorted(), 'none was left out')
})

/** Posted by programs that have no session, with a proof in the address. */
const withoutToken = ['/unsubscribe/:token']

t.test('no unsafe method works without the token of the session', async (t) => {
  const routes: Route[] = []
  const app = await build(t, { onRoute: ({ methods, url, permission }) => { for (const method of methods) routes.push({ method, url, permission }) } })
  const unsafe = routes.filter(({ method }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method))
  t.ok(unsafe.length > 15, 'there are some')
  for (const { method, url } of unsafe.filter((route) => !isApi(route.url) && !withoutToken.includes(route.url))) {
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
