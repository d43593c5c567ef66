import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { measureAudiences } from './audiences.ts'
import { startConsole, type Console } from './console.ts'
import { makeFiles } from './data-file.ts'
import { loadFirst, measureImports } from './measure-imports.ts'
import { measureBesideImport } from './beside-import.ts'
import { measureAccess } from './access.ts'
import { measureBatch } from './batch.ts'
import { measureExports } from './exports.ts'
import { measureKafka } from './kafka.ts'
import { measureDecisions } from './decisions.ts'
import { readOptions, type Options } from './options.ts'
import { measurePages } from './pages.ts'
import { measurePushes } from './pushes.ts'
import { copyFile, indexRaw, openRaw } from './raw.ts'
import { longest, watchStatements } from './statements.ts'
import { count, megabytes, ResultTable } from './table.ts'

// `npm run bench`: the speed of the console beside bare PostgreSQL, on the same machine and server, in one run (design.md section 7).

async function measure(options: Options, folder: string, console_: Console): Promise<ResultTable> {
  const table = new ResultTable()
  console.log('Writing the files …')
  const files = await makeFiles(folder, options.rows)
  const raw = await openRaw(console_.url)
  const log = await watchStatements(console_.pool, console_.dataDir)
  try {
    const loaded = await isLoaded(console_)
    const all = options.only === null || options.only === 'import'
    if (all && loaded) console.log('The folder holds an import already: imports are measured into an empty database only.')
    if (all && !loaded) await measureImports(console_, raw, log, files, table, options.statements)
    else if (!loaded) await loadFirst(console_, log, files)
    if (options.only === 'import') return table
    if (options.only === 'decisions') { await measureDecisions(console_, log, files, table); return table }
    if (options.only === 'access') { await measureAccess(console_, table); return table }
    if (options.only !== 'pages' && options.only !== 'audiences') await measureBatch(console_, log, table, options.statements)
    if (options.only === 'batch') return table
    if (!(await raw.query(`select from pg_class where relname = 'people'`)).rowCount) await copyFile(raw, files.people)
    await indexRaw(raw)
    if (options.only === 'audiences') { await measureAudiences(console_, raw, table); return table }
    await measurePages(console_, raw, table)
    await measureAccess(console_, table)
    if (options.only === 'pages') return table
    await measureAudiences(console_, raw, table)
    await measureDecisions(console_, log, files, table)
    const second = await measureBesideImport(console_, log, files.other, table)
    if (options.statements) console.log(longest(second.statements, 12).join('\n'))
    return table
  } finally {
    await raw.end()
  }
}

async function measureInConsole(options: Options, folder: string): Promise<ResultTable> {
  console.log(`Starting the console in ${folder} …`)
  const console_ = await startConsole(folder)
  try {
    return await measure(options, folder, console_)
  } finally {
    await console_.stop()
  }
}

async function isLoaded({ db }: Console): Promise<boolean> {
  return (await db.selectFrom('sources').select('id').where('rows_table', 'is not', null).executeTakeFirst()) !== undefined
}

function heading(options: Options): string {
  return `${count(options.rows)} users x 27 columns, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${megabytes(totalmem())} of memory, Node ${process.versions.node}, embedded PostgreSQL`
}

const options = readOptions(process.argv.slice(2))
const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'user-360-bench-')))
await mkdir(folder, { recursive: true })
try {
  const table = options.only === 'export' || options.only === 'push' ? new ResultTable() : await measureInConsole(options, folder)
  if (options.only === null || options.only === 'export') await measureExports(folder, options.rows, table)
  if (options.only === null || options.only === 'push') {
    await measureKafka(options.rows, table)
    await measurePushes(folder, options.rows, table)
  }
  console.log(`\n${heading(options)}\n\n${table.text()}`)
  if (options.markdown) await writeFile(options.markdown, `${heading(options)}\n\n${table.markdown()}\n`)
} finally {
  if (!options.keep) await rm(folder, { recursive: true, force: true })
}
