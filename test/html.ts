// What can be said about HTML without a browser: a reader of tags, strict enough for what our views write.

interface Tag { name: string; end: boolean; attributes: [string, string][]; /** Where what is inside it begins. */ at: number }

const tag = /<!--[\s\S]*?-->|<!doctype html>|<(\/?)([a-z][a-z0-9-]*)((?:\s+[^\s"'<>/=]+(?:="[^"]*"|='[^']*')?)*)\s*>/gi
const attribute = /([^\s"'<>/=]+)(?:="([^"]*)"|='([^']*)')?/g
const empty = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'])

export const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

export function tagsOf(html: string): Tag[] {
  return [...html.matchAll(tag)].filter((match) => match[2]).map((match) => ({
    name: match[2]!.toLowerCase(), end: match[1] === '/', attributes: [...match[3]!.matchAll(attribute)].map((one) => [one[1]!, plain(one[2] ?? one[3] ?? '')]), at: match.index + match[0].length
  }))
}

/** The values of an attribute, wherever it stands; `words` takes them apart. */
function valuesOf(html: string, wanted: string[], words = false): string[] {
  return tagsOf(html).flatMap(({ attributes }) => attributes.filter(([name]) => wanted.includes(name)).flatMap(([, value]) => (words ? value.split(/\s+/) : [value])))
}

export function idsOf(html: string): string[] {
  return valuesOf(html, ['id'])
}

/** Tags that are no tags, elements that are not closed or closed in another order. */
export function problemsOf(html: string): string[] {
  const problems = [...html.replaceAll(tag, '').matchAll(/<.{0,40}/g)].map((match) => `no tag: ${match[0]}`)
  const open: string[] = []
  for (const { name, end } of tagsOf(html)) {
    if (empty.has(name)) continue
    if (!end) open.push(name)
    else if (open.at(-1) === name) open.pop()
    else return [...problems, `</${name}> inside ${open.join(' ') || 'nothing'}`]
  }
  return open.length ? [...problems, `not closed: ${open.join(' ')}`] : problems
}

/** Attributes that stand twice in a tag, ids that stand twice on the page, addresses and ids that are empty. */
export function duplicatesIn(html: string): string[] {
  const twice = (list: string[]) => list.filter((one, index) => list.indexOf(one) !== index)
  const tags = tagsOf(html).flatMap(({ name, attributes }) => [
    ...twice(attributes.map(([key]) => key)).map((key) => `<${name}> has ${key} twice`),
    ...attributes.filter(([key, value]) => value === '' && ['id', 'href', 'action', 'formaction', 'for', 'hx-get', 'hx-post', 'aria-labelledby', 'aria-describedby', 'aria-label'].includes(key)).map(([key]) => `<${name}> has an empty ${key}`)
  ])
  return [...tags, ...twice(idsOf(html)).map((id) => `the id ${id} stands twice`)]
}

/** Ids that labels and descriptions name and that are not there. */
export function danglingIn(html: string, ids: Set<string>): string[] {
  const local = valuesOf(html, ['href']).filter((address) => address.startsWith('#')).map((address) => address.slice(1))
  return [...valuesOf(html, ['for', 'list', 'form', 'aria-labelledby', 'aria-describedby', 'aria-controls'], true), ...local].filter((id) => !ids.has(id)).map((id) => `nothing has the id ${id}`)
}

/** The ids that htmx will look for. */
export function targetsOf(html: string): string[] {
  const values = valuesOf(html, ['hx-target', 'hx-target:inherited', 'hx-include', 'hx-indicator', 'hx-status:5xx:inherited', 'hx-status:422'])
  return values.flatMap((value) => [...value.matchAll(/#([\w-]+)/g)].map((match) => match[1]!))
}

/** Every address of the page as "METHOD /path", but for those of other sites and for pictures within the page. */
export function addressesOf(html: string): string[] {
  return tagsOf(html).flatMap(({ name, attributes }) => {
    const of = Object.fromEntries(attributes)
    const method = name === 'form' && of['method'] === 'post' ? 'POST' : 'GET'
    const pairs: [string, string | undefined][] = [['GET', of['href']], ['GET', of['src']], [method, of['action']], [(of['formmethod'] ?? 'post').toUpperCase(), of['formaction']], ['GET', of['hx-get']], ['POST', of['hx-post']], ['PUT', of['hx-put']], ['PATCH', of['hx-patch']], ['DELETE', of['hx-delete']]]
    return pairs.flatMap(([verb, address]) => (address === undefined || address.startsWith('#') || address.startsWith('data:') ? [] : [`${verb} ${address.split('?')[0]}`]))
  })
}
