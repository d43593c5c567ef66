import t from 'tap'
import { findCircle, importsOf, linesWith, listFiles, read } from './source.ts'

const sources = listFiles('src/**/*.ts')
const views = listFiles('views/**/*.eta')
const imports = sources.flatMap(importsOf)
const own = imports.filter(({ to }) => to.startsWith('src/'))
const say = (found: { from: string; to: string }[]) => found.map(({ from, to }) => `${from} -> ${to}`)

/** Folders that every feature stands on, each with those that it may import itself. */
const ground: Record<string, string[]> = { db: [], catalog: ['db'], access: ['catalog', 'db'], conditions: ['access', 'catalog', 'db', 'http'], http: ['access', 'catalog'] }
/** What begins a process or puts the whole together: imports what it likes and is imported by nothing else. */
const tops = /^src\/(app|features|handlers|run-process|server|session-secret|starters|worker)\.ts$|^src\/demo\/|\/cli\.ts$/
/** Single files that everybody may import, and that import only one another. */
const shared = /^src\/(config|coverage|form|format|log|logged-error|problem)\.ts$/
/** Hands the shared things to every feature's routes; names their types. */
const services = 'src/services.ts'

const folderOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1] ?? ''
const isFeature = (path: string) => folderOf(path) !== '' && !(folderOf(path) in ground) && !tops.test(path)
const isPage = (path: string) => /^src\/[^/]+\/(routes|forms|views)(\.ts$|\/)/.test(path)
const isQueries = (path: string) => /^src\/[^/]+\/queries(\.ts$|\/)/.test(path) || path.startsWith('src/db/')

t.test('imports run one way: tops, features, ground', async (t) => {
  t.same(say(own.filter(({ from, to }) => tops.test(to) && !tops.test(from))), [], 'nothing imports what puts the whole together')
  t.same(say(own.filter(({ from, to }) => shared.test(from) && !shared.test(to))), [], 'shared files import only one another')
  t.same(say(own.filter(({ from, to }) => folderOf(from) in ground && !shared.test(to) && folderOf(to) !== folderOf(from) && !ground[folderOf(from)]!.includes(folderOf(to)))), [], 'the ground does not know the features')
  t.same(say(own.filter(({ from, to }) => to === services && !isPage(from) && !tops.test(from))), [], 'only routes are handed the services')
  t.same(own.filter(({ from, typeOnly }) => from === services && !typeOnly).map(({ line }) => line), [], 'the services are types')
  t.same(sources.filter((path) => !folderOf(path) && !tops.test(path) && !shared.test(path) && path !== services), [], 'every file outside the folders has its place in this test')
})

t.test('a feature knows what others can do, not their pages', async (t) => {
  t.same(say(own.filter(({ from, to }) => folderOf(from) !== folderOf(to) && isPage(to) && !(folderOf(to) in ground) && from !== 'src/features.ts')), [])
})

t.test('no file imports itself by a detour', async (t) => {
  t.same(findCircle(new Map(sources.map((path) => [path, own.filter(({ from }) => from === path).map(({ to }) => to)]))), [])
})

/** Features that import one another for a reason; without these arrows there is no circle of features. */
const upward: Record<string, string> = {
  'sources -> imports': 'the pages on which a source is described end by ordering its run, and show its last one; the run reads cells as these pages said',
  'identities -> users': 'refused joins show rows of people, in the scope in which the operator sees users; users are found by the match keys of identities',
  'tags -> users': 'tagging is done to users: who they are, whom a query finds, which values are frequent; sources only file their columns under tag groups',
  'history -> users': 'everybody writes the history; its pages show entries of people, to who sees these people',
  'history -> overrides': 'everybody writes the history; its pages take decisions back'
}

t.test('features stand in an order', async (t) => {
  const arrows = new Set(own.filter(({ from, to }) => isFeature(from) && isFeature(to) && folderOf(from) !== folderOf(to)).map(({ from, to }) => `${folderOf(from)} -> ${folderOf(to)}`))
  t.same(Object.keys(upward).filter((arrow) => !arrows.has(arrow)), [], 'no exception is out of date')
  const graph = new Map<string, string[]>()
  for (const arrow of arrows) {
    const [from, to] = arrow.split(' -> ') as [string, string]
    if (!(arrow in upward)) graph.set(from, [...(graph.get(from) ?? []), to])
  }
  t.same(findCircle(graph), [])
})

t.test('every feature with routes is registered, and views and tests use its name', async (t) => {
  const features = new Set(sources.map(folderOf))
  const registered = new Set(own.filter(({ from }) => from === 'src/features.ts').map(({ to }) => to))
  t.same(sources.filter((path) => /^src\/[^/]+\/routes\.ts$/.test(path) && !registered.has(path)), [])
  t.same(views.map((path) => path.split('/')[1]!).filter((name) => !features.has(name) && !['shared', 'errors', 'layout.eta'].includes(name)), [])
})

t.test('HTTP is known to routes and to http/ alone', async (t) => {
  const mayKnow = /^src\/http\/|\/routes(\.ts$|\/)|^src\/(app|features)\.ts$/
  // Fastify brings the logger too; log.ts hands it on under a name of ours.
  t.same(say(imports.filter(({ from, to }) => /^@?fastify/.test(to) && !mayKnow.test(from) && from !== 'src/log.ts')), [])
})

/** Where SQL is run outside queries and db/, and why. */
const stepFolders = ['src/imports/', 'src/identities/', 'src/projection/']
const lane: Record<string, string> = {
  'src/jobs/end-job.ts': 'ends a job inside the transaction of its work', 'src/jobs/hold-lane.ts': 'the lock of the data lane',
  'src/jobs/run-job.ts': 'the lock of the data lane', 'src/jobs/transaction.ts': 'begins, bounds and ends that transaction'
}
// README: the SQL on large tables that a run is made of, one step a file.
const isStep = (path: string) => stepFolders.some((folder) => path.startsWith(folder)) && !isPage(path)

t.test('SQL stands in queries, in the steps of a run, and nowhere else', async (t) => {
  const runs = /\bsql(<[^`]*>)?`|\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(|\.query(<.*>)?\(|\bwork\.(run|rows)\b/
  const found = sources.filter((path) => !isQueries(path) && !isStep(path) && runs.test(read(path)))
  t.same(found, Object.keys(lane), 'and in what holds the lane of data jobs')
  t.same(say(imports.filter(({ from, to, typeOnly }) => to === 'kysely' && !typeOnly && !isQueries(from) && !isStep(from))), [])
  t.same(say(imports.filter(({ from, to, typeOnly }) => to === 'pg' && !typeOnly && !from.startsWith('src/db/'))), [], 'only db/ opens connections')
})

t.test('the configuration is read where a process begins, and handed on from there', async (t) => {
  const begins = (path: string) => path === 'src/run-process.ts' || path.endsWith('/cli.ts')
  t.same(say(own.filter(({ from, to, typeOnly }) => to === 'src/config.ts' && !typeOnly && !begins(from))), [])
  t.same(sources.filter((path) => !begins(path) && !tops.test(path) && read(path).includes('process.env')), [])
})

t.test('files stay small', async (t) => {
  const longer = (paths: string[], most: number) => paths.map((path) => ({ path, lines: read(path).split('\n').length - 1 })).filter(({ lines }) => lines > most)
  t.same(longer(sources.filter((path) => !isQueries(path)), 200), [])
  t.same(longer(sources.filter(isQueries), 250), [])
  t.same(longer(views, 80), [])
  t.same(longer(listFiles('test/**/*.ts'), 250), [])
})

/** What a strict content security policy would refuse, and what htmx 4 does not know. */
const refused: Record<string, RegExp> = {
  'a handler in an attribute': /\shx-on|\son[a-z]+\s*=/i, 'script in a value': /\bjs:|javascript:/i, 'a style attribute': /\sstyle\s*=/i, 'a script in the page': /<script(?![^>]*\ssrc=)/i, 'a style in the page': /<style/i,
  'a trigger filter': /hx-trigger="[^"]*\[/, 'attributes of htmx 2': /\shx-(ext|disabled-elt|boost|vars|params|request|prompt|inherit|disinherit)\b/, 'events of htmx 2': /htmx:[a-z]+[A-Z]/,
  'headers that nothing inherits': /\shx-headers\s*=/, 'output that is not escaped': /<%[-_]?~(?!\s*(include\(|block\(|it\.body\s*%>))/
}

t.test('views hold nothing that is inline, unescaped, or of another htmx', async (t) => {
  for (const [what, pattern] of Object.entries(refused)) t.same([...views, 'public/app.js'].flatMap((path) => linesWith(path, pattern)), [], what)
  t.same(linesWith('public/app.js', /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/), [])
})

t.test('HTML is written in views', async (t) => {
  t.same(sources.flatMap((path) => linesWith(path, /^(?!\s*(\/?\*|\/\/)).*['"`]\s*<\/?[a-z][a-z0-9-]*[\s/>]/)), [], 'comments aside')
})
