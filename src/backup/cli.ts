import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigProblems, loadConfig, type Config } from '../config.ts'
import { checkSchema } from '../db/check-schema.ts'
import { openDatabase, openPool } from '../db/database.ts'
import { migrationNames } from '../db/migrate.ts'
import { openRuntime } from '../db/open-runtime.ts'
import { formatBytes, formatCount, formatDuration } from '../format.ts'
import { Conflict } from '../problem.ts'
import { interruption } from './interrupted.ts'
import { schemaVersion, type Manifest } from './manifest.ts'
import { showProgress } from './progress.ts'
import { holdsConsole } from './queries/snapshot.ts'
import { writeBackup } from './write-backup.ts'

const usage = `Writes everything that a console knows into one file, beside a running console or alone.
  npm run backup -- FILE.zip [--overwrite] [--without-secrets]
  --overwrite          the file may be there already; it is replaced when the new one is whole
  --without-secrets    leaves the keys of the installation out: what is sealed with them cannot be read after a restore elsewhere`

class UsageProblem extends Error {}

interface Arguments { path: string; secrets: boolean }

function readArguments(args: string[]): Arguments {
  try {
    const { values, positionals: [file, ...rest] } = parseArgs({ args, allowPositionals: true, options: { overwrite: { type: 'boolean' }, 'without-secrets': { type: 'boolean' } } })
    if (!file || rest.length > 0) throw new Error(file ? 'One file at a time, please.' : 'The file is missing.')
    if (existsSync(file) && !values.overwrite) throw new Conflict(`${file} is there already. Give another name, or --overwrite.`)
    return { path: resolve(file), secrets: !values['without-secrets'] }
  } catch (error) {
    throw error instanceof Conflict ? error : new UsageProblem(`${(error as Error).message}\n${usage}`)
  }
}

function report({ manifest, bytes }: { manifest: Manifest; bytes: number }, path: string, took: number, config: Readonly<Config>): string {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  const { secrets, fromEnvironment: outside } = manifest
  const keys = secrets.length > 0 ? `THE KEYS OF THE INSTALLATION (${secrets.map(({ name }) => name).join(', ')}) AND ` : ''
  return [
    `Backed up “${manifest.installation}” to ${path}: ${formatCount(rows, 'row')} in ${formatCount(manifest.tables.length, 'table')}, ${formatBytes(bytes)}, in ${formatDuration(took)} (schema ${schemaVersion(manifest.migrations)}).`,
    `IT HOLDS ${keys}EVERYTHING KNOWN OF PEOPLE: keep it as safe as the database.`,
    ...(manifest.secretsLeftOut ? ['The keys of the installation are not in it: restored elsewhere, two-step sign-in and the secrets of destinations have to be set up anew, who unsubscribed is written to again, and imports bring erased people back.'] : []),
    ...(outside.length > 0 ? [`Not in it, since it stood in the environment: ${outside.join(' and ')}. Keep it as safe; a restore needs the same.`] : []),
    `Not in it: uploads that no run has taken, and files of exports (both under ${config.dataDir}); who is signed in.`
  ].join('\n')
}

async function main(args: string[]): Promise<string> {
  const { path, secrets } = readArguments(args)
  const config = loadConfig(process.env)
  if (config.databaseUrl === undefined && !existsSync(join(config.dataDir, 'postgres.json'))) throw new Conflict(`There is no database of a console in ${config.dataDir}. DATA_DIR says where it is, or DATABASE_URL.`)
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
  const begin = performance.now()
  const signal = interruption()
  const runtime = await openRuntime(config, (message) => { console.error(message) }, { migrate: false })
  const pool = openPool(runtime.url, { max: 2, name: 'user-360-backup' })
  const progress = showProgress(process.stderr)
  try {
    if (!(await holdsConsole(openDatabase(pool)))) throw new Conflict('There is nothing to back up: no console has been started on this database.')
    await checkSchema(openDatabase(pool), await migrationNames(), { current: false })
    const client = await pool.connect()
    let failed: Error | undefined
    try {
      progress.begin('Writing')
      const fromEnvironment = [...(config.sessionSecret ? ['SESSION_SECRET'] : []), ...(config.aesKey ? ['AES_KEY'] : [])]
      const written = await writeBackup(client, { path, dataDir: config.dataDir, consoleVersion: version, secrets, fromEnvironment, signal, watch: progress.rows })
      return report(written, path, performance.now() - begin, config)
    } catch (error) {
      failed = error as Error
      throw error
    } finally {
      progress.end()
      client.release(failed)
    }
  } finally {
    await pool.end()
    await runtime.stop()
  }
}

function wordsOf(error: Error): string {
  if (error instanceof UsageProblem || error instanceof ConfigProblems) return error.message
  return `No backup was written. ${(error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'The disk is full.' : error.name === 'AbortError' ? 'It was interrupted.' : error.message}`
}

main(process.argv.slice(2)).then((said) => { console.log(said) }, (error: Error) => {
  console.error(wordsOf(error))
  process.exitCode = error instanceof UsageProblem ? 2 : 1
})
