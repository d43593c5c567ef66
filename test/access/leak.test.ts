import t from 'tap'
import type { Permission } from '../../src/access/permissions.ts'
import { permissions } from '../../src/access/permissions.ts'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { where } from '../users/world.ts'
import { crawl, leaksIn } from './crawl.ts'
import { makeSecrets, narrowRole, mark, type Secrets } from './secret-world.ts'

const analyst: Permission[] = ['user_360.view', 'user_360.edit', 'user_360.tag', 'user_360.batch_tag', 'user_360.undo', 'tags.view', 'tags.manage']
/** Everything but what decides over others. */
const nearly = permissions.filter((permission) => !['roles', 'operators', 'user_360.erase'].includes(permission))

const roles: [who: string, allowed: readonly Permission[], names: boolean][] = [
  ['an analyst', analyst, false], ['who may do nearly everything', nearly, true], ['who only looks', ['user_360.view'], false], ['who only imports', ['imports'], true], ['who only reads the history', ['history'], false]
]

/** Addresses that nobody offers: of every route with every number there is, and every field and value in every place of a query. */
async function addresses(world: Awaited<ReturnType<typeof build>>, secrets: Secrets, routes: readonly string[]): Promise<string[]> {
  const numbers = ['1', '2', '3', '4', '5', '6', secrets.clinicUser, secrets.failingUser]
  const { rows: entries } = await world.pool.query('select id from history_entries order by id')
  const ids = [...new Set([...numbers, ...entries.map((one) => String(one.id)), ...Object.values(secrets.columns).map(String)])]
  const fields = [...Object.values(secrets.columns).map((id) => `tag:${id}`), 'attribute:province', 'attribute:name', 'attribute:city', 'id:EMAIL', 'id:MOBILE', 'id:OPEN_ID', 'id']
  const filled = routes.flatMap((url) => {
    const names = [...url.matchAll(/:[a-z]+/gi)].map(([name]) => name)
    if (names.length === 0) return [url]
    const places = names[0] === ':ref' ? fields : ids
    if (names.length === 1) return places.map((first) => url.replace(names[0]!, first))
    return ['1', secrets.clinicUser, secrets.failingUser].flatMap((first) => fields.map((second) => url.replace(names[0]!, first).replace(names[1]!, second)))
  })
  const asked = fields.flatMap((field) => [
    ...['filled', 'empty', 'hand', 'moved'].map((operator) => `/users?${where([field, operator])}`), ...['is', 'contains', 'starts', 'not', 'any', 'range'].map((operator) => `/users?${where([field, operator, mark])}`),
    `/users?sort=${field}`, `/users?sort=-${field}`, `/users/suggestions?field=${field}&value=`, `/users/suggestions?field=${field}&value=z`, `/users/conditions/editor?field=${encodeURIComponent(field)}`
  ])
  return [...filled, ...asked, secrets.uploadUrl, ...secrets.runs.map((run) => `/settings/imports/${run}/rejected.csv`), '/users?id=13755518234', `/users?id=${mark}P1`, `/users?id=${mark}mail1@example.com`, `/users?id=${secrets.clinicUser}`]
}

/** Asks some at a time: hundreds at once would wait for one another longer than a health check does. */
async function inTurns<T, R>(list: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  for (let at = 0; at < list.length; at += 40) answers.push(...await Promise.all(list.slice(at, at + 40).map(ask)))
  return answers
}

/** Each kind of leak once, with the first request that met it. */
function told(answers: readonly { request: string; leaks: string[] }[]): string[] {
  const first = new Map(answers.flatMap(({ request, leaks }) => leaks.map((leak): [string, string] => [leak, request])).reverse())
  return [...first].map(([leak, request]) => `${request}: ${leak}`)
}

t.test('what a role does not see is on no page, in no fragment, no file and no head that it can reach', { timeout: 580_000 }, async (t) => {
  const routes: { method: string; url: string; permission: string | null }[] = []
  const world = await build(t, { onRoute: ({ methods, url, permission }) => { for (const method of methods) if (method !== 'HEAD' && method !== 'OPTIONS' && !url.startsWith('/static')) routes.push({ method, url, permission }) } })
  const secrets = await makeSecrets(world)
  const gets = routes.filter(({ method }) => method === 'GET').map(({ url }) => url)
  const direct = await addresses(world, secrets, gets)

  const control = await crawl(world.as, ['/', '/users', '/settings'], false)
  t.ok(control.answers.filter(({ leaks }) => leaks.length).length > 20, 'an administrator meets the secrets on many pages, so that the crawl would find them')
  t.same(control.answers.filter(({ status }) => status >= 500).map(({ request, status }) => `${status} ${request}`), [])

  for (const [who, allowed, names] of roles) {
    const { as } = await signInWith(world, await makeRole(world, narrowRole(secrets, allowed)))
    const seen = await crawl(as, ['/', '/users', '/settings'], names)
    t.ok(seen.answers.length > 3, `${who} reaches ${seen.answers.length} pages`)
    t.same(told(seen.answers), [], `${who}: by links`)
    const refused = new Set(seen.answers.filter(({ status }) => status === 403 || status >= 500).map(({ request, status }) => `${status} ${request.slice(4)}`))
    t.same(seen.offered.filter(({ link }) => refused.has(`403 ${link}`)).map(({ link, on }) => `${on} offers ${link}`), [], `${who}: what may not be done is not offered`)

    if (allowed.length < 3) continue
    const asked = await inTurns(direct, async (url) => { const answer = await as({ url }); return { url, status: answer.statusCode, leaks: leaksIn(answer, decodeURIComponent(url), names) } })
    t.same(told(asked.map(({ url, leaks }) => ({ request: url, leaks }))), [], `${who}: by address`)
    t.same(asked.filter(({ status }) => status >= 500), [])
    const fragments = await inTurns(direct.filter((url) => /^\/(users|history)/.test(url)), async (url) => {
      const answer = await as({ url, headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'dialog#dialog' } }).catch(() => null)
      return { url, leaks: answer ? leaksIn(answer, decodeURIComponent(url), names) : [] }
    })
    t.same(told(fragments.map(({ url, leaks }) => ({ request: url, leaks }))), [], `${who}: as a fragment`)

    const mine = new Map(routes.map(({ method, url, permission }) => [`${method} ${url.replaceAll(/:[a-z]+/gi, ':')}`, permission]))
    for (const { method, action, fields } of seen.forms) {
      const [path] = action.split('?') as [string]
      if (/sign-out|password|theme|removal|deletion/.test(path)) continue
      const route = [...mine].find(([key]) => new RegExp(`^${key.replaceAll(':', '[^/]+')}$`).test(`${method} ${path}`))
      t.ok(!route?.[1] || route[1] === 'signed_in' || route[1] === 'public' || route[1].split(' or ').some((one) => allowed.includes(one as Permission)), `${who} is offered ${method} ${path} and may do it`)
      const answer = await as({ method, url: action, form: fields })
      t.same(leaksIn(answer, JSON.stringify(fields), names), [], `${who}: ${method} ${action} ${JSON.stringify(fields).slice(0, 100)}`)
      t.ok(answer.statusCode < 500, `${method} ${action} is answered with ${answer.statusCode}`)
    }
  }
})
