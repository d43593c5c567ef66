import t from 'tap'
import { loadConfig } from '../src/config.ts'
import { listFiles, read } from './source.ts'

const readme = read('README.md')
const config = read('src/config.ts')
const manifest = JSON.parse(read('package.json')) as Record<'scripts' | 'dependencies' | 'optionalDependencies' | 'devDependencies', Record<string, string>>

/** The cells of the rows of a table, by the head of its first column. */
function tableOf(head: string): string[][] {
  const lines = readme.split('\n')
  const begin = lines.findIndex((line) => line.startsWith(`| ${head} |`)) + 2
  const length = lines.slice(begin).findIndex((line) => !line.startsWith('|'))
  return lines.slice(begin, begin + length).map((line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim()))
}

const wordsIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)

t.test('the table of the environment names what the configuration reads, with its defaults', async (t) => {
  const rows = tableOf('variable')
  t.same(rows.flatMap(([name = '']) => wordsIn(name)).sort(), [...new Set([...config.matchAll(/(?:read(?:<[^(]*>)?\(|env\[)'([A-Z_]+)'/g)].map((match) => match[1]!))].sort())
  const defaults = (name: string) => rows.find(([cell = '']) => wordsIn(cell).includes(name))?.[1] ?? ''
  const { port, host, logLevel, secureCookies, trustProxy } = loadConfig({})
  t.match(defaults('PORT'), String(port))
  t.match(defaults('HOST'), host)
  t.equal(defaults('LOG_LEVEL'), logLevel)
  t.equal(defaults('SECURE_COOKIES'), secureCookies)
  t.equal(defaults('TRUST_PROXY'), String(trustProxy))
})

t.test('every command is explained, and every one explained is there', async (t) => {
  const named = [...readme.matchAll(/npm (?:run )?(?!ci\b|run\b|audit\b)([a-z]+)/g)].map((match) => match[1]!)
  t.same([...new Set(named)].sort(), Object.keys(manifest.scripts).sort())
})

t.test('every package is in the list, and nothing else', async (t) => {
  const section = /## Packages[^\n]*\n([\s\S]*?)\n## /.exec(readme)![1]!
  const listed = section.split(/\.\s/).flatMap((sentence) => {
    const [names = ''] = sentence.split(/:\s/).slice(-2)
    const scope = /(@[a-z]+)\//.exec(names)?.[1]
    return names.split(',').map((name) => name.trim()).filter(Boolean).map((name, index) => (scope && index > 0 && !name.includes('/') && `${scope}/${name}` in manifest.dependencies ? `${scope}/${name}` : name))
  })
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }).filter((name) => !name.startsWith('@types/'))
  t.same(listed.filter((name) => name !== '@types/*').sort(), packages.sort())
  t.ok(listed.includes('@types/*'))
})

t.test('every package of the product is used, and pinned', async (t) => {
  const source = listFiles('src/**/*.ts').map(read).join('\n')
  t.same(Object.keys(manifest.dependencies).filter((name) => !new RegExp(`['/]${name}['/]`).test(source)), [])
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }
  t.same(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)), [])
})
