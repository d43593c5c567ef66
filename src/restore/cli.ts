import { parseArgs } from 'node:util'
import { interruption } from '../backup/interrupted.ts'
import { schemaVersion, type Manifest } from '../backup/manifest.ts'
import { showProgress } from '../backup/progress.ts'
import { ConfigProblems, loadConfig, type Config } from '../config.ts'
import { openDatabase, openPool } from '../db/database.ts'
import { migrationNames } from '../db/migrate.ts'
import { openRuntime } from '../db/open-runtime.ts'
import { formatCount, formatDuration } from '../format.ts'
import { checkPlace } from './check-place.ts'
import { BadBackup } from './problem.ts'
import { checkRows, openBackup, type Backup } from './read-backup.ts'
import { restoreBackup } from './restore-backup.ts'

const usage = `Brings back what a backup holds, into an empty database, with no console running on it.
  npm run restore -- FILE.zip [--replace --yes]
  --replace --yes    drops what the database holds first, for good`

class UsageProblem extends Error {}

interface Arguments { path: string; replace: boolean; yes: boolean }

function readArguments(args: string[]): Arguments {
  try {
    const { values, positionals: [path, ...rest] } = parseArgs({ args, allowPositionals: true, options: { replace: { type: 'boolean' }, yes: { type: 'boolean' } } })
    if (!path || rest.length > 0) throw new Error(path ? 'One file at a time, please.' : 'The file is missing.')
    return { path, replace: values.replace ?? false, yes: values.yes ?? false }
  } catch (error) {
    throw new UsageProblem(`${(error as Error).message}\n${usage}`)
  }
}

function report(manifest: Manifest, rows: number, took: number): string {
  const keys = manifest.secretsLeftOut ? ['The backup holds no keys: unless those of the installation are in the data folder, two-step sign-in and the secrets of destinations have to be set up anew, and imports bring erased people back.'] : []
  const outside = manifest.fromEnvironment.length > 0 ? [`It was made with ${manifest.fromEnvironment.join(' and ')} in the environment: the same must stand there now.`] : []
  return [
    `Restored “${manifest.installation}” as of ${manifest.madeAt.slice(0, 19).replace('T', ' ')} UTC: ${formatCount(rows, 'row')} in ${formatCount(manifest.tables.length, 'table')}, in ${formatDuration(took)} (schema ${schemaVersion(manifest.migrations)}; the next start brings it up to date).`,
    'Everybody has to sign in again. Uploads and files of exports were not in the backup: an import that had not ended says so. What schedules missed since is begun once.',
    'WHOEVER WAS ERASED AFTER THE BACKUP IS THERE AGAIN: erase them anew (npm run erase).',
    ...keys, ...outside
  ].join('\n')
}

async function main(args: string[]): Promise<string> {
  const { path, replace, yes } = readArguments(args)
  const config = loadConfig(process.env)
  const signal = interruption()
  const backup = await openBackup(path, await migrationNames())
  try {
    const begin = performance.now()
    const rows = backup.manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    const progress = showProgress(process.stderr, rows)
    progress.begin('Checking the file')
    await checkRows(backup, progress.rows, signal)
    await restore(config, backup, { replace, yes, signal, progress })
    return report(backup.manifest, rows, performance.now() - begin)
  } finally {
    await backup.archive.close()
  }
}

async function restore(config: Readonly<Config>, backup: Backup, { replace, yes, signal, progress }: { replace: boolean; yes: boolean; signal: AbortSignal; progress: ReturnType<typeof showProgress> }): Promise<void> {
  const runtime = await openRuntime(config, (message) => { console.error(message) }, { console: true, migrate: false })
  const pool = openPool(runtime.url, { max: 2, name: 'user-360-restore' })
  try {
    await checkPlace(openDatabase(pool), config.dataDir, backup.secrets, { replace, yes })
    const client = await pool.connect()
    let failed: Error | undefined
    try {
      progress.begin('Restoring')
      await restoreBackup(client, backup, { dataDir: config.dataDir, replace, signal, watch: progress.rows })
    } catch (error) {
      failed = error as Error
      throw error
    } finally {
      client.release(failed)
    }
  } finally {
    progress.end()
    await pool.end()
    await runtime.stop()
  }
}

function wordsOf(error: Error): string {
  if (error instanceof UsageProblem || error instanceof ConfigProblems) return error.message
  if (error instanceof BadBackup) return `The backup cannot be restored. ${error.message} Nothing was changed.`
  return `Nothing was restored, and nothing was changed. ${error.name === 'AbortError' ? 'It was interrupted.' : error.message}`
}

main(process.argv.slice(2)).then((said) => { console.log(said) }, (error: Error) => {
  console.error(wordsOf(error))
  process.exitCode = error instanceof UsageProblem ? 2 : 1
})
