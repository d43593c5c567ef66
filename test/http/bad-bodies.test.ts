import t from 'tap'
import { signInAs } from '../helper.ts'
import { plain } from '../html.ts'
import { badValues, brokenPairs, enormous, markup, strangeNames, wrongWith, type BadValue } from './bad-values.ts'
import { keepDatabase, type Kept } from './checksum.ts'
import { nameOf, type LiveRoute } from './every-route.ts'
import { openFilledWorld, type FilledWorld } from './filled-world.ts'
import { formsIn, kindOf, type Base, type Fields } from './forms-in.ts'
import { notNow, taken } from './valid-forms.ts'

const encode = (fields: Fields) => Object.entries(fields).flatMap(([name, values]) => values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)).join('&')
const many = badValues.filter(({ code, what }) => code && what !== 'a path' && what !== 'a number beyond numbers')
const few = many.filter(({ what }) => ['a number beyond integers', 'a function of every object', 'JSON with half a character'].includes(what))
const fewTexts = [...many.filter(({ text }) => text === markup), ...few]
/** Are not sent back to a page. */
const secrets = ['code', 'key', 'password', 'secret', 'current', 'next', 'again']
const endsSession = /^\/(password|sign|two-step|see-as|invitations)|sign-out$/
const form: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' }

/** Sends one form after another and puts back what they do. */
class Thrower {
  private as: FilledWorld['as']
  private readonly world: FilledWorld
  private readonly kept: Kept
  thrown = 0
  constructor(world: FilledWorld, kept: Kept) {
    this.world = world
    this.kept = kept
    this.as = world.as
  }

  /** Answers too which tables changed, and whether a row of theirs holds `mark`. */
  async send({ route, url }: Pick<Base, 'route' | 'url'>, payload: string, headers: Record<string, string> = form, mark?: string) {
    const answer = await this.as({ method: route.method as 'POST', url, headers, payload })
    this.thrown++
    const changed = answer.statusCode < 400 ? await this.kept.changed() : []
    const holds = changed.length > 0 && mark !== undefined && (await this.kept.holds(changed, mark))
    if (changed.length) await this.kept.putBack(changed)
    if (endsSession.test(route.url)) await this.begin(answer.cookies.some((cookie) => cookie.name === 'user360') || (answer.statusCode < 400 && /^\/see-as|sign-out$/.test(route.url)))
    return { answer, changed, holds }
  }

  /** Those forms end a session, begin another or look through other eyes. */
  private async begin(anew: boolean): Promise<void> {
    await this.world.pool.query('delete from sign_in_failures')
    if (!anew) return
    this.as = await signInAs(this.world.app, 'admin@example.com', 'correct horse battery')
    await this.kept.putBack(await this.kept.changed())
  }
}

t.test('no form makes the console fail, and it keeps only what a field may hold', { timeout: 570_000 }, async (t) => {
  const world = await openFilledWorld(t)
  // Files are thrown by bad-uploads.test.ts.
  const bases = (await formsIn(world)).filter(({ controls }) => ![...controls.values()].includes('file'))
  for (let n = 0; n < 3; n++) await world.bearer.send({ method: 'POST', url: '/api/v1/exports', json: { columns: ['user_id'] } })
  const kept = await keepDatabase(t, world.pool)
  const thrower = new Thrower(world, kept)
  const begin = performance.now()
  const seen = new Set<string>()
  const routesDone = new Set<LiveRoute>()

  for (const base of bases) {
    const { route, fields, controls } = base
    const name = nameOf(route)
    const problems: string[] = []
    const right = await thrower.send(base, encode(fields))
    if (name in notNow ? right.answer.statusCode !== notNow[name]!.status : right.answer.statusCode >= 400) problems.push(`what is right is answered with ${right.answer.statusCode}: ${encode(fields)} ${wordsOf(right.answer.body)}`)

    const keeps = right.changed.length > 0
    const done = new Set<string>()
    const names = new Set(controls.keys())
    for (const field of names) {
      // Names that are looked at only where another is given are found on the way.
      for (const one of route.typed) names.add(one)
      const kind = kindOf(field)
      if (done.has(kind)) continue
      done.add(kind)
      const others = encode(Object.fromEntries(Object.entries(fields).filter(([one]) => one !== field)))
      const control = controls.get(field) ?? 'hidden'
      // All that can be thrown is thrown at what people write and the console keeps; elsewhere what is no choice, no number and no password is told by some of it.
      const written = ['text', 'textarea'].includes(control) && keeps && !base.beside
      // What is none may be as if it was not there.
      let leftOut: boolean | undefined
      const optional = async () => (leftOut ??= (await thrower.send(base, others)).answer.statusCode < 400)
      const throwAt = async (what: string, payload: string, bad?: BadValue) => {
        const { answer, changed, holds } = await thrower.send(base, payload, form, bad?.mark)
        const wrong = wrongWith(answer)
        if (wrong) problems.push(`${what} in ${field}: ${wrong}`)
        const reason = taken[name]?.[kind] ?? taken['*']![kind]
        if (holds || (changed.length && reason !== undefined)) {
          seen.add(`${taken[name]?.[kind] === undefined ? '*' : name} ${kind}`)
          if (holds && (reason === undefined || (bad?.long && reason !== 'a long text'))) problems.push(`${what} in ${field}: kept (${changed.join(', ')})`)
        } else if (changed.length && !(await optional())) problems.push(`${what} in ${field}: taken for something (${changed.join(', ')})`)
        if (answer.statusCode === 422 && bad?.text === markup && !secrets.includes(field) && ['text', 'textarea'].includes(control) && controls.has(field) && !plain(answer.body).toLowerCase().includes(markup.slice(0, 30))) problems.push(`${field} does not hold any more what was typed`)
        return answer.statusCode
      }
      for (const bad of written ? many : base.beside ? few.slice(0, 1) : ['text', 'textarea'].includes(control) ? fewTexts : few) {
        const status = await throwAt(bad.what, `${others}&${encodeURIComponent(field)}=${encodeURIComponent(bad.text)}`, bad)
        // Where so much is refused, more is.
        if (bad.long && status < 400) await throwAt(enormous.what, `${others}&${encodeURIComponent(field)}=${enormous.text}`, enormous)
      }
      for (const { what, text } of brokenPairs(field, fields[field]?.[0])) if (written ? text.includes('%ED') || text.includes('&') : text === `${encodeURIComponent(field)}[]=${encodeURIComponent(fields[field]?.[0] ?? 'a')}`) await throwAt(what, `${others}&${text}`)
    }
    if (route.typed.size) {
      const { answer, changed } = await thrower.send(base, strangeNames)
      if (wrongWith(answer) || changed.length) problems.push(`names of every object: ${answer.statusCode}, ${changed.join(', ')} changed`)
    }
    if (!routesDone.has(route)) {
      for (const [what, payload, headers] of noForms) {
        const { answer, changed } = await thrower.send(base, payload, headers)
        if (answer.statusCode < 400 || wrongWith(answer) || changed.length) problems.push(`${what} is answered with ${answer.statusCode}`)
      }
    }
    routesDone.add(route)
    const after = await kept.changed()
    if (after.length) {
      problems.push(`refused, and yet ${after.join(', ')} changed`)
      await kept.putBack(after)
    }
    t.same(problems, [], `${name} with ${[...done].join(', ')}`)
  }
  t.same(Object.entries(taken).flatMap(([route, fields]) => Object.keys(fields).map((field) => `${route} ${field}`)).filter((one) => !seen.has(one)), [], 'nothing is said to be kept that is not')
  t.comment(`${thrower.thrown} forms in ${Math.round(performance.now() - begin)} ms`)
})

const noForms: readonly [what: string, payload: string, headers: Record<string, string>][] = [
  ['JSON', '{"__proto__":{"a":1}}', { 'content-type': 'application/json' }], ['plain text', 'a=b', { 'content-type': 'text/plain' }],
  ['an unknown type', 'a=b', { 'content-type': '\u00ff/../x' }], ['more than a form holds', 'a=b', { ...form, 'content-length': String(33 * 1024 * 1024) }]
]

/** What a page says is wrong. */
function wordsOf(body: string): string {
  return [...body.matchAll(/class="field-error"[^>]*>(.*?)<\/p>|role="alert">(.*?)<\/p>/gs)].map((match) => (match[1] ?? match[2] ?? '').replaceAll(/<[^>]+>/g, '').trim()).join('; ')
}
