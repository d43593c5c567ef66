import type { LightMyRequestResponse } from 'fastify'
import { build, type TestApp } from '../helper.ts'
import type { Send } from '../role.ts'
import { columnIds, makeWorld } from '../users/world.ts'

export interface RolesWorld extends TestApp {
  columns: Record<string, number>
  get(url: string, as?: Send): Promise<LightMyRequestResponse>
  /** Posts what a form shows, changed by what is given; undefined leaves a field out. */
  submit(page: string, action: string, changes?: Record<string, string | string[] | undefined>, as?: Send): Promise<LightMyRequestResponse>
  roleId(name: string): Promise<number>
  entry(): Promise<{ title: string; kind: string; source_id: number | null; items: unknown[] }>
  version(): Promise<string>
}

/** The world of test/users with the pages of roles before it. */
export async function openRoles(t: Parameters<typeof build>[0]): Promise<RolesWorld> {
  const app = await build(t)
  await makeWorld(app)
  const send = (as?: Send) => as ?? app.as
  return {
    ...app, columns: await columnIds(app),
    get: (url, as) => send(as)({ url }),
    async submit(page, action, changes = {}, as) {
      const fields = fieldsOf((await send(as)({ url: page })).body, action)
      for (const [name, value] of Object.entries(changes)) { if (value === undefined) delete fields[name]; else fields[name] = value }
      return send(as)({ method: 'POST', url: action, form: fields })
    },
    async roleId(name) { return (await app.db.selectFrom('roles').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id },
    async entry() {
      const entry = await app.db.selectFrom('history_entries').select(['id', 'title', 'kind', 'source_id']).orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
      const items = await app.db.selectFrom('history_items').selectAll().where('entry_id', '=', entry.id).orderBy('item').execute()
      return { ...entry, items: items.map((item) => [[item.column_name, item.field].filter(Boolean).join(' '), item.old_value, item.new_value]) }
    },
    async version() { return (await app.db.selectFrom('catalog_state').select('version').executeTakeFirstOrThrow()).version }
  }
}

/** What a browser would post of the form with this action, without a button. */
export function fieldsOf(html: string, action: string): Record<string, string | string[]> {
  const at = html.indexOf(`action="${action}"`)
  if (at < 0) throw new Error(`no form for ${action}: ${html.slice(0, 3000)}`)
  const form = html.slice(at, html.indexOf('</form>', at))
  const found: [string, string][] = []
  for (const [tag] of form.matchAll(/<(input|textarea|select)\b[^>]*>/g)) {
    const of = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    const name = of('name')
    if (!name || / disabled\b/.test(tag)) continue
    if (tag.startsWith('<select')) {
      const options = form.slice(form.indexOf(tag), form.indexOf('</select>', form.indexOf(tag)))
      const chosen = /<option value="([^"]*)" selected/.exec(options)
      found.push([name, chosen?.[1] ?? ''])
    } else if (tag.startsWith('<textarea')) found.push([name, form.slice(form.indexOf(tag) + tag.length, form.indexOf('</textarea>', form.indexOf(tag))).trim()])
    else if (!/type="(radio|checkbox)"/.test(tag) || / checked\b/.test(tag)) found.push([name, of('value') ?? 'on'])
  }
  const fields: Record<string, string | string[]> = {}
  for (const [name, value] of found) fields[name] = name === 'permission' ? [...(fields[name] as string[] | undefined) ?? [], value] : value
  return fields
}

