import t from 'tap'
import type { Shell } from '../src/http/shell.ts'
import { openViews, type Samples } from '../src/http/views.ts'
import { addressesOf, danglingIn, duplicatesIn, idsOf, problemsOf, targetsOf } from './html.ts'
import { linesWith, listFiles, read } from './source.ts'

const templates = listFiles('views/**/*.eta')
const nameOf = (path: string) => path.slice('views/'.length, -'.eta'.length)
const routes = Object.keys(JSON.parse(read('test/routes.json')) as object)

/** The names in every `interface Views`, as the features add them. */
const declared = listFiles('src/**/*.ts').flatMap((path) => [...read(path).matchAll(/interface Views \{(?: (.*) \}|\n([\s\S]*?)\n {2}\})/g)].flatMap((match) => [...(match[1] ?? match[2]!).matchAll(/'([^']+)':/g)].map((name) => name[1]!)))

const samples: Samples = {}
for (const path of listFiles('src/**/*.ts')) {
  if (!read(path).includes('export const samples')) continue
  Object.assign(samples, ((await import(`../${path}`)) as { samples: Samples }).samples)
}
const all = Object.entries(samples).flatMap(([view, models]) => [models].flat().map((model, index) => ({ view, model: model as object, called: `${view} ${index + 1}` })))

/** What stands around a page: nobody signed in, and an operator with everything that the layout can show. */
const link = (label: string, current: boolean) => ({ label, href: '/users', current })
const stranger: Shell = { title: 'Sign in', installation: 'Lotus & Co', csrfToken: 'token', theme: '', operator: null, seeingAs: '', nav: [], tokens: false, settingsNav: [], job: null, notice: null, alerts: [], backUrl: '' }
const operator: Shell = {
  ...stranger, title: 'Users', theme: 'dark', operator: { name: 'Lin Yating', email: 'lin@example.com' }, tokens: true, nav: [link('Users', true), link('Settings', false)],
  settingsNav: [{ heading: 'Data', items: [link('Sources', true), link('Tags', false)] }], job: { label: 'Import 40%', href: '/settings/imports/7', percent: 40 }, notice: { tone: 'good', text: 'Saved.', undo: '7' }, alerts: [{ id: 3, message: 'It failed.', href: '/users' }, { id: 4, message: 'It failed too.', href: '' }], backUrl: '/users'
}
const shells = [stranger, operator, { ...operator, settingsNav: [], seeingAs: 'Analyst', notice: { tone: 'warn' as const, text: 'Saved, but look.', undo: '' } }]

const eta = openViews(false)

/** Which templates were read, and which of their branches and loops were entered: `{ %>` opens one. */
const branches = new Set<string>()
const entered = new Set<string>()
const used = new Set<string>()
const readFile = eta.readFile!.bind(eta)
eta.readFile = (path) => {
  const name = path.slice(path.lastIndexOf('/views/') + 1)
  used.add(name)
  return readFile(path).replaceAll(/\{\s*%>/g, (opening, at: number, text: string) => {
    const before = text.slice(0, at).split('\n')
    const place = `${name}:${before.length}:${before.at(-1)!.length + 1}`
    branches.add(place)
    return `${opening}<% this.enter('${place}') %>`
  })
}
Object.assign(eta, { enter: (place: string) => entered.add(place) })

const isPage = (view: string) => read(`views/${view}.eta`).startsWith("<% layout('../layout') %>")
const failures: string[] = []
function render(view: string, model: object, called: string): string {
  try {
    return eta.render(view, { ...model, csrfToken: 'token' })
  } catch (error) {
    failures.push(`${called}: ${(error as Error).message}`)
    return ''
  }
}

interface Rendered { called: string; page: boolean; html: string }
const rendered = all.flatMap(({ view, model, called }): Rendered[] => (isPage(view)
  ? shells.map((shell, index) => ({ called: `${called} in shell ${index + 1}`, page: true, html: render(view, { ...model, shell }, called) }))
  : [{ called, page: false, html: render(view, model, called) }]))

t.test('every view is declared, is there, and has a sample', async (t) => {
  t.ok(declared.length > 30)
  t.same(declared.toSorted(), [...new Set(declared)].toSorted(), 'none twice')
  t.same(declared.filter((view) => !templates.map(nameOf).includes(view)), [], 'each has its template')
  t.same(declared.filter((view) => !(view in samples)), [], 'each has a sample')
})

t.test('the samples show every template, and every part of each', async (t) => {
  t.same([...new Set(failures)], [], 'each sample can be shown')
  t.same(templates.filter((path) => !used.has(path)), [], 'each template is rendered')
  t.same([...branches].filter((place) => !entered.has(place)), [], 'each branch and loop is entered')
})

t.test('a view reads what it is given and nothing else', async (t) => {
  const model = { heading: 'Not found', text: 'There is no page at this address.', status: 404, requestId: '1', permission: '', givers: '' }
  t.match(eta.render('errors/_notice', model), 'Not found')
  const { text: _text, ...less } = model
  t.throws(() => eta.render('errors/_notice', less), /asked for "text"/, 'not in the view itself')
  t.throws(() => eta.render('errors/page', { ...model, shell: { ...operator, job: {} } }), /asked for "href"/, 'nor in its layout')
  t.throws(() => eta.renderString("<%~ include('errors/_notice', { heading: it.heading, text: it.text }) %>", model), /asked for "permission"/, 'nor in a partial, which inherits nothing')
})

t.test('no value is printed that is none', async (t) => {
  const none = /\bundefined\b|\bnull\b|\bNaN\b|\[object |\bInvalid Date\b/
  t.same(rendered.flatMap(({ called, html }) => html.split('\n').filter((line) => none.test(line)).map((line) => `${called}: ${line.trim()}`)), [])
})

t.test('the HTML is whole: elements are closed, attributes and ids are there once and lead somewhere', async (t) => {
  const known = new Set(rendered.filter(({ page }) => page).flatMap(({ html }) => idsOf(html)))
  for (const { called, page, html } of rendered) {
    const ids = new Set([...idsOf(html), ...(page ? [] : known)])
    t.same([...problemsOf(html), ...duplicatesIn(html), ...danglingIn(html, ids), ...targetsOf(html).filter((id) => !ids.has(id)).map((id) => `htmx looks for #${id}`)], [], called)
  }
})

// Parameters are numbers in samples, or x: any word would let a mistyped address pass for a parameter.
t.test('every address leads to a route', async (t) => {
  const patterns = routes.map((route) => new RegExp(`^${route.replace(/\*$/, '.+').replaceAll(/:[a-zA-Z]+/g, '(\\d+|x)')}$`))
  const leads = (address: string) => patterns.some((pattern) => pattern.test(address))
  t.same(rendered.flatMap(({ called, html }) => addressesOf(html).filter((address) => !leads(address)).map((address) => `${called}: ${address}`)), [])
})

t.test('partials are given what they need by name', async (t) => {
  t.same(templates.flatMap((path) => linesWith(path, /include\('[^']+'\s*\)/)), [])
})
