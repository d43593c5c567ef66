import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ConfigProblems, loadConfig } from '../config.ts'
import { openPool } from '../db/database.ts'
import { openRuntime } from '../db/open-runtime.ts'
import { formatCount, formatDuration, formatNumber } from '../format.ts'
import { openQueue } from '../jobs/queue.ts'
import { Conflict, Invalid } from '../problem.ts'
import { parseStructureFile, StructureFileProblems } from '../sources/structure-file.ts'
import { importFile } from './import-file.ts'
import type { Run } from './queries.ts'

// `npm run import -- --source NAME [--structure FILE.json] [--whole] FILE.csv`: the same import as on the pages, beside a running console or alone.
const usage = `Usage: npm run import -- --source NAME [--structure FILE.json] [--whole] FILE.csv
  --source NAME       the source that the file belongs to; a new name makes a new source
  --structure FILE    how the columns of a new source are read (JSON); what it leaves out is proposed
  --whole             the file is the whole table: rows that are not in it are removed`

interface Arguments { source: string; structure: string | undefined; whole: boolean; path: string }

class UsageProblem extends Error {}

function readArguments(argv: string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { source: { type: 'string' }, structure: { type: 'string' }, whole: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
    if (values.help) throw new Error('')
    if (!values.source?.trim()) throw new Error('--source is missing.')
    if (positionals.length !== 1) throw new Error(positionals.length === 0 ? 'The file is missing.' : 'One file at a time, please.')
    return { source: values.source, structure: values.structure, whole: values.whole ?? false, path: positionals[0] as string }
  } catch (error) {
    throw new UsageProblem(`${(error as Error).message}\n${usage}`.trim())
  }
}

/** One line that is written over on a terminal; elsewhere a line for each stage. */
function progressLine(): { show(stage: string, done: number, total: number): void; clear(): void } {
  const terminal = process.stderr.isTTY
  let last = ''
  return {
    show(stage, done, total) {
      const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0
      if (!terminal && stage === last) return
      last = stage
      process.stderr.write(terminal ? `\r\u001b[K${stage}: ${percent}%, ${formatNumber(done)} of ${formatCount(total, 'row')}` : `${stage}\n`)
    },
    clear() { if (terminal) process.stderr.write('\r\u001b[K') }
  }
}

function report(run: Run): string {
  if (run.status !== 'done') return run.error ?? `The import was ${run.status}. Nothing was changed.`
  const took = run.startedAt && run.endedAt ? `, in ${formatDuration(run.endedAt.getTime() - run.startedAt.getTime())}` : ''
  const counts = [['new', run.new], ['changed', run.changed], ['unchanged', run.unchanged], ['rejected', run.rejected], ...(run.whole ? [['removed', run.removed] as const] : [])] as const
  const users = [['new', run.usersNew], ['joined', run.usersJoined], ...(run.usersSplit ? [['split', run.usersSplit] as const] : [])] as const
  const list = (pairs: readonly (readonly [string, number | null])[]) => pairs.map(([label, value]) => `${formatNumber(value ?? 0)} ${label}`).join(', ')
  return `Imported ${run.fileName} into ${run.alias} (run ${run.id}${took}).\nRows: ${list(counts)}.\nUsers: ${list(users)}.`
}

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2))
  const config = loadConfig(process.env)
  const structure = args.structure === undefined ? null : parseStructureFile(await readFile(args.structure, 'utf8').catch(() => { throw new Invalid(`The structure file ${args.structure} cannot be read.`) }))
  const log = { info() {}, error(data: object, text: string) { process.stderr.write(`\n${text}: ${String((data as { err?: Error }).err?.stack ?? '')}\n`) } }
  const runtime = await openRuntime(config, () => {})
  const pool = openPool(runtime.url, { max: 5, name: 'user-360-import' })
  // A console that runs beside this takes over what the run orders; else the next start does.
  const queue = await openQueue(runtime.url, log)
  const progress = progressLine()
  try {
    const run = await importFile({ pool, dataDir: config.dataDir, aesKey: config.aesKey ?? null, timeZone: config.timeZone, log, wake: queue.wake }, { source: args.source, path: args.path, structure, whole: args.whole, watch: progress.show })
    progress.clear()
    const done = run.status === 'done'
    ;(done ? process.stdout : process.stderr).write(`${report(run)}\n`)
    if ((run.rejected ?? 0) > 0) process.stderr.write(`The rejected rows with their reasons stand on the page of run ${run.id} (Settings, Sources).\n`)
    return done ? 0 : 1
  } finally {
    await queue.stop()
    await pool.end()
    await runtime.stop()
  }
}

function isForPeople(error: unknown): error is Error {
  return error instanceof UsageProblem || error instanceof Invalid || error instanceof Conflict || error instanceof StructureFileProblems || error instanceof ConfigProblems
}

if (import.meta.main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    process.stderr.write(`${isForPeople(error) ? [error.message, ...(error instanceof Invalid ? Object.values(error.fields) : [])].join(' ') : `The import failed: ${(error as Error).stack ?? String(error)}`}\n`)
    process.exitCode = error instanceof UsageProblem ? 2 : 1
  }
}
