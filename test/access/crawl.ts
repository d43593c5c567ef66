import { createHash } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import type { Send } from '../role.ts'
import { mark, maskedMobiles, secretNumber } from './secret-world.ts'

export interface Answer { request: string; status: number; text: string; leaks: string[] }

const unescape = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
const attribute = (tag: string, name: string) => { const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]; return found === undefined ? undefined : unescape(found) }

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const asUuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
/** Whole masked values, the hashes by which they could be guessed, and the number in the ways that pages write it. */
const wholes = [...maskedMobiles.flatMap((value) => [value, md5(value), asUuid(md5(value)), createHash('sha256').update(value).digest('hex')]), secretNumber, Number(secretNumber).toLocaleString('en')]

/** What an answer tells that it must not: head and body, and what the request itself said taken out. `names`: names of hidden columns may be there. */
export function leaksIn(answer: LightMyRequestResponse, asked: string, names: boolean): string[] {
  const said = unescape(`${JSON.stringify(answer.headers)} ${answer.body}`)
  const found = [...said.matchAll(new RegExp(`.{0,30}${mark}[\\w ]*`, 'gi'))].map(([text]) => text).filter((text) => !(names && /zqxmarkname/.test(text)) && !echoes(text, asked))
  return [...found, ...wholes.filter((whole) => said.includes(whole) && !asked.includes(whole))]
}

/** What was sent may come back in the form that it was typed into. */
function echoes(text: string, asked: string): boolean {
  const word = new RegExp(`${mark}[\\w]*`, 'i').exec(text)?.[0] ?? ''
  return asked.includes(word)
}

/** Path and names of parameters: addresses that differ in numbers only are of one kind. */
function kindOf(address: string): string {
  const url = new URL(address, 'http://x')
  return `${url.pathname.replaceAll(/\/[^/]*\d[^/]*/g, '/#')}?${[...new Set(url.searchParams.keys())].sort().join('&')}`
}

/** Links of a page, what htmx would fetch, and forms of method GET with what stands in them. */
function linksIn(html: string): string[] {
  const plain = [...html.matchAll(/<[a-z][^>]*\s(?:href|hx-get|src)="[^"]*"[^>]*>/g)].flatMap(([tag]) => [attribute(tag, 'href'), attribute(tag, 'hx-get'), attribute(tag, 'src')])
  const forms = [...html.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/g)].filter(([, tag]) => !/method="post"/.test(tag!)).map(([, tag, body]) => {
    const action = attribute(tag!, 'action')
    const fields = fieldsIn(body!)
    return action && `${action}?${new URLSearchParams(fields)}`
  })
  return [...plain, ...forms].filter((link): link is string => Boolean(link?.startsWith('/')) && !link!.startsWith('/static/'))
}

function fieldsIn(html: string): [string, string][] {
  const inputs = [...html.matchAll(/<(?:input|textarea)\b[^>]*>/g)].flatMap(([tag]): [string, string][] => {
    const name = attribute(tag, 'name')
    if (!name || name === '_csrf' || / disabled/.test(tag) || (/type="(checkbox|radio)"/.test(tag) && !/ checked/.test(tag)) || /type="file"/.test(tag)) return []
    return [[name, attribute(tag, 'value') ?? '']]
  })
  const selects = [...html.matchAll(/<select\b[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)].map(([, name, options]): [string, string] => [name!, unescape(/<option value="([^"]*)" selected/.exec(options!)?.[1] ?? /<option value="([^"]*)"/.exec(options!)?.[1] ?? '')])
  return [...inputs, ...selects]
}

export interface Form { method: 'POST' | 'PATCH'; action: string; fields: Record<string, string[]> }

/** Forms and htmx buttons that change something, as they would be sent untouched. */
export function formsIn(html: string): Form[] {
  const grouped = (fields: [string, string][]) => Object.fromEntries([...Map.groupBy(fields, ([name]) => name)].map(([name, all]) => [name, all.map(([, value]) => value)]))
  const forms = [...html.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/g)].flatMap(([, tag, body]): Form[] => {
    const buttons = [...body!.matchAll(/<button\b[^>]*>/g)].map(([button]) => button)
    const patch = attribute(tag!, 'hx-patch')
    if (!/method="post"/.test(tag!) && !patch) return []
    const own = fieldsIn(body!)
    const actions = [...new Set([attribute(tag!, 'action'), ...buttons.map((button) => attribute(button, 'formaction'))])].filter((action): action is string => Boolean(action?.startsWith('/')))
    const named = buttons.flatMap((button): [string, string][][] => { const name = attribute(button, 'name'); return name ? [[[name, attribute(button, 'value') ?? '']]] : [] })
    const sent = [own, ...named.slice(0, 3).map((one) => [...own, ...one])]
    return [...(patch ? [{ method: 'PATCH' as const, action: patch, fields: grouped(own) }] : []), ...actions.flatMap((action) => sent.map((fields) => ({ method: 'POST' as const, action, fields: grouped(fields) })))]
  })
  return forms
}

const ofEach = 10

/** Everything that can be reached from these addresses by links, a few of each kind; and the forms that were met. */
export async function crawl(send: Send, begin: readonly string[], names: boolean): Promise<{ answers: Answer[]; offered: { link: string; on: string }[]; forms: Form[] }> {
  const waiting = begin.map((link) => ({ link, on: '' }))
  const met = new Set<string>()
  const perKind = new Map<string, number>()
  const answers: Answer[] = []
  const offered: { link: string; on: string }[] = []
  const forms = new Map<string, Form>()
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { link, on } = next
    const [address] = link.split('#') as [string]
    const kind = kindOf(address)
    if (met.has(address) || (perKind.get(kind) ?? 0) >= ofEach) continue
    met.add(address)
    perKind.set(kind, (perKind.get(kind) ?? 0) + 1)
    const answer = await send({ url: address })
    answers.push({ request: `GET ${address}`, status: answer.statusCode, text: answer.body, leaks: leaksIn(answer, decodeURIComponent(address.replaceAll('+', ' ')), names) })
    if (on) offered.push({ link: address, on })
    const location = answer.headers.location
    if (location) waiting.push({ link: String(location), on })
    if (!String(answer.headers['content-type']).includes('html')) continue
    for (const found of linksIn(answer.body)) waiting.push({ link: found, on: address })
    for (const form of formsIn(answer.body)) { const key = `${form.method} ${kindOf(form.action)} ${Object.keys(form.fields).sort().join()}`; if (!forms.has(key)) forms.set(key, form) }
  }
  return { answers, offered, forms: [...forms.values()] }
}
