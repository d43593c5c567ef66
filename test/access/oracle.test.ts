import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { permissions, type Permission } from '../../src/access/permissions.ts'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { where } from '../users/world.ts'
import { makeSecrets, mark, maskedMobiles, narrowRole } from './secret-world.ts'

/** An answer without what differs between any two: tokens, and what the request itself said. */
function plain(answer: LightMyRequestResponse, said: readonly string[]): string {
  const spoken = said.flatMap((one) => [one, encodeURIComponent(one), encodeURIComponent(encodeURIComponent(one)), one.replaceAll(':', '%3A')]).sort((a, b) => b.length - a.length)
  const text = `${answer.statusCode} ${answer.headers['content-type']} ${answer.headers.location ?? ''} ${answer.body}`.replaceAll(/(csrf-token":"|name="_csrf" value=")[^"]*/g, '$1')
  return spoken.reduce((left, one) => left.replaceAll(one, '?'), text)
}

/** What the next page says once. */
const noticeOf = (answer: LightMyRequestResponse) => /<div class="notice flash[\s\S]*?<p>([\s\S]*?)<\/p>/.exec(answer.body)?.[1] ?? ''

t.test('what is hidden is answered like what never was', async (t) => {
  const routes: { method: string; url: string }[] = []
  const world = await build(t, { onRoute: ({ methods, url }) => { for (const method of methods) if (method !== 'HEAD' && method !== 'OPTIONS' && !url.startsWith('/static')) routes.push({ method, url }) } })
  const secrets = await makeSecrets(world)
  const { sources: { members, clinic }, columns } = secrets
  const tag = (source: number, name: string) => columns[`${source}.${name}`]!
  const hiddenTags = [tag(members, 'income'), tag(members, 'score'), tag(clinic, 'diagnosis')]
  const entries = (await world.pool.query<{ id: string; kind: string; fields: string[] }>('select id, kind, fields from history_entries order by id')).rows
  const hiddenEntries = entries.filter(({ fields }) => fields.length && fields.every((ref) => hiddenTags.some((id) => ref === `tag:${id}`) || ref === 'attribute:province')).map(({ id }) => id)
  t.ok(hiddenEntries.length > 4, 'there are acts on what is hidden alone')

  const allowed = permissions.filter((permission): permission is Permission => !['roles', 'operators', 'sources', 'imports', 'id_types', 'attributes', 'exports'].includes(permission))
  const { as } = await signInWith(world, await makeRole(world, narrowRole(secrets, allowed)))
  const alike = async (name: string, hidden: Parameters<typeof as>[0], never: Parameters<typeof as>[0], said: string[]) => {
    const [one, noticed, other, otherNoticed] = [await as(hidden), noticeOf(await as({ url: '/password' })), await as(never), noticeOf(await as({ url: '/password' }))]
    t.equal(noticed, otherNoticed, `${name}: the notice`)
    t.equal(plain(one, said), plain(other, said), name)
    t.ok(one.statusCode < 500, `${name}: ${one.statusCode}`)
  }

  const never = { user: '7654321', tag: '7654321', ref: 'tag:7654321', attribute: 'attribute:never_was', entry: '7654321' }
  const form = { value: 'x', act: 'save', choice: '1 set x', policy: 'ignore', mode: 'replace', field: 'attribute:city', tag: '1' }
  for (const { method, url } of routes.filter((route) => /^\/(users|history|settings\/(tags|history))/.test(route.url) && route.url.includes(':'))) {
    const ask = (path: string) => ({ method: method as 'GET', url: path, ...(method === 'GET' ? {} : { form }) })
    const isEntry = url.includes(':entry')
    const isUser = url.startsWith('/users/:id')
    const pairs = isEntry ? hiddenEntries.slice(0, 4).map((id) => [id, never.entry] as const) : isUser ? [secrets.clinicUser, secrets.failingUser].map((id) => [id, never.user] as const) : url.startsWith('/settings/tags/:id') ? hiddenTags.map((id) => [String(id), never.tag] as const) : []
    for (const [hidden, other] of pairs) {
      const path = (id: string) => url.replace(/:(id|entry)/, id).replace(':ref', 'attribute:city')
      await alike(`${method} ${url} of ${hidden}`, ask(path(hidden)), ask(path(other)), [hidden, other])
    }
    if (!url.includes(':ref')) continue
    for (const id of hiddenTags) await alike(`${method} ${url}, tag ${id}`, ask(url.replace(':id', '2').replace(':ref', `tag:${id}`)), ask(url.replace(':id', '2').replace(':ref', never.ref)), [`tag:${id}`, never.ref])
    await alike(`${method} ${url}, attribute`, ask(url.replace(':id', '2').replace(':ref', 'attribute:province')), ask(url.replace(':id', '2').replace(':ref', never.attribute)), ['attribute:province', never.attribute])
  }

  for (const [hidden, other] of [...hiddenTags.map((id) => [`tag:${id}`, never.ref] as const), ['attribute:province', never.attribute] as const, ['id:EMAIL', 'id:NEVER_WAS'] as const, ['id:OPEN_ID', 'id:NEVER_WAS'] as const]) {
    for (const make of [(ref: string) => `/users?${where([ref, 'filled'])}`, (ref: string) => `/users?${where([ref, 'is', mark])}`, (ref: string) => `/users/count?${where([ref, 'contains', 'zq'])}`, (ref: string) => `/users?sort=${ref}`, (ref: string) => `/users/suggestions?field=${ref}&value=z`, (ref: string) => `/users/conditions/editor?field=${ref}`, (ref: string) => `/users/1/step?to=next&in=${encodeURIComponent(`sort=${ref}`)}`, (ref: string) => `/settings/history?field=${ref}`]) {
      await alike(make(hidden), { url: make(hidden) }, { url: make(other) }, [hidden, other])
    }
  }

  // Tags named in forms of dialogs.
  const choose = async () => String((await as({ method: 'POST', url: '/users/selections', form: { user: ['1', '2'] } })).headers.location)
  for (const id of hiddenTags.map(String)) {
    const choice = await choose()
    for (const act of ['save', '']) {
      await alike(`batch of tag ${id}`, { method: 'POST', url: choice, form: { act, tag: id, value: 'x', policy: 'ignore' } }, { method: 'POST', url: choice, form: { act, tag: never.tag, value: 'x', policy: 'ignore' } }, [id, never.tag])
      await alike(`return of tag ${id}`, { method: 'POST', url: choice.replace(/tagging$/, 'return'), form: { act, field: `tag:${id}` } }, { method: 'POST', url: choice.replace(/tagging$/, 'return'), form: { act, field: never.ref } }, [id, never.tag])
      await alike(`tagging with ${id}`, { method: 'POST', url: '/users/2/taggings', form: { act, choice: `${id} set x` } }, { method: 'POST', url: '/users/2/taggings', form: { act, choice: `${never.tag} set x` } }, [id, never.tag])
    }
  }

  // Values and IDs that stand in hidden columns, hidden tables and failing rows.
  for (const [hidden, other] of [[`${mark}mail1@example.com`, 'never@example.com'], [`${mark}P1`, 'never1'], [`${mark}C2`, 'never1'], ['13388877766', '13388877767'], ['13399988877', '13399988878'], [maskedMobiles[0]!.slice(0, 8), '13999999'], [secrets.clinicUser, never.user], [secrets.failingUser, never.user]] as const) {
    for (const make of [(value: string) => `/users?id=${value}`, (value: string) => `/users/count?id=${value}`]) await alike(`ID ${hidden}`, { url: make(hidden) }, { url: make(other) }, [hidden, other])
    await alike(`a choice of ${hidden}`, { method: 'POST', url: '/users/selections', form: { user: [hidden] } }, { method: 'POST', url: '/users/selections', form: { user: [other] } }, [hidden, other])
  }
})
