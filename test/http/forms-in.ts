import { isApi, nameOf, routeOf, type LiveRoute } from './every-route.ts'
import { addressOf, type FilledWorld } from './filled-world.ts'
import { formsOf } from './forms.ts'
import { filled, morePages } from './valid-forms.ts'

export type Fields = Record<string, string[]>
/** A form with all that it needs to be right. */
export interface Base { route: LiveRoute; url: string; fields: Fields; controls: Map<string, string>; beside: boolean }

/** Every form of every page, and what no page has; each with fields that are right. */
export async function formsIn(world: FilledWorld): Promise<Base[]> {
  const bases = new Map<string, Base>()
  const right = filled(world)
  const add = (route: LiveRoute, url: string, fields: Fields, controls: Map<string, string>, beside = false) => {
    // The same form on another page is the same form.
    const key = [nameOf(route), ...new Set([...controls.keys()].map(kindOf))].toSorted().join(' ')
    if (bases.has(key)) return
    const more = Object.entries(right[nameOf(route)] ?? {}).filter(([name]) => controls.size === 0 || controls.has(name) || name.startsWith('+')).map(([name, value]): [string, string | string[]] => [name.replace('+', ''), value])
    const writes = controls.size === 0
    for (const [name] of more) if (!controls.has(name)) controls.set(name, writes ? 'text' : 'hidden')
    bases.set(key, { route, url, fields: { ...fields, ...Object.fromEntries(more.map(([name, value]) => [name, [value].flat()])) }, controls, beside })
  }
  const pages = [...world.routes.filter(({ method, url }) => method === 'GET' && !isApi(url)).map((route) => [addressOf(world, route), new URLSearchParams(world.queries[route.url] ?? {}).toString()].filter(Boolean).join('?')), ...morePages(world)]
  for (const page of pages) {
    const { body } = await world.as({ url: page })
    for (const { action, fields, button, controls, beside } of formsOf(body)) {
      const found = ['POST', 'PATCH'].flatMap((method) => routeOf(world.routes, method, action) ?? [])
      if (!found.length) throw new Error(`${page} has a form that leads nowhere: ${action}`)
      for (const route of found) add(route, action, button ? { ...fields, [button[0]]: [button[1]] } : fields, new Map(button ? [...controls, [button[0], 'button']] : controls), beside)
    }
  }
  const unsafe = world.routes.filter(({ method, url }) => method !== 'GET' && !isApi(url))
  for (const route of unsafe) if (![...bases.values()].some((base) => base.route === route)) add(route, addressOf(world, route), {}, new Map())
  return [...bases.values()].filter(({ route }) => unsafe.includes(route))
}

/** Fields of which a form has many, each for another column, attribute or row. */
export function kindOf(name: string): string {
  return name.replaceAll(/\d+/g, 'n').replace(/^(level|was|version|how|name)-.*$/, '$1-…').replace(/^value-(name|city|province|member_level|channel)$/, 'value-…')
}
