import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { Access } from '../access/access.ts'
import { getCatalog } from '../catalog/queries.ts'
import { openDatabase, type Db } from '../db/database.ts'
import { handlers } from '../handlers.ts'
import { importFile } from '../imports/import-file.ts'
import { listRuns } from '../imports/queries.ts'
import { recoverJobs, setJobCancelled } from '../jobs/queries.ts'
import { runJob, type Workplace } from '../jobs/run-job.ts'
import { getSetting, setSetting } from '../settings/queries.ts'
import { setColumns } from '../users/set-columns.ts'
import { grantAnalyst } from './grant-analyst.ts'
import { demoSources, type DemoFile } from './sources.ts'

/** What the list of users shows at first: attributes by code, tags by name. */
const shown = ['attribute:city', 'Likes', 'Favourite store', 'Lifetime value', 'Orders']

export interface Filling extends Pick<Workplace, 'dataDir' | 'timeZone' | 'log'> {
  pool: pg.Pool
  /** In whose name it is done. */
  operator: { id: number; name: string } | null
  /** Whether somebody wants the start to end. */
  leaving(): boolean
  say(text: string): void
}

/**
 * Imports the demo's files where that was not done yet, and settles what pages show of them. Each file is one run that
 * happens as a whole or not at all, so a start that was interrupted is taken up at the file where it ended.
 */
export async function fillDemo(filling: Filling): Promise<void> {
  const db = openDatabase(filling.pool)
  if (await getSetting(db, 'demo_filled', false)) return
  filling.say('Making the demo data, this once: 20,000 people in three sources')
  await recoverJobs(db)
  const folder = join(filling.dataDir, 'demo-files')
  await mkdir(folder, { recursive: true })
  for (const file of demoSources()) {
    if (filling.leaving()) return
    if (!(await isImported(db, file))) await importDemoFile(filling, file, folder)
  }
  await countValues(filling, db)
  await showColumns(filling, db)
  await grantAnalyst(db, filling.operator)
  await setSetting(db, 'demo_filled', true)
  await rm(folder, { recursive: true, force: true })
}

async function isImported(db: Db, { fileName, structure }: DemoFile): Promise<boolean> {
  const source = (await getCatalog(db)).sources.find((candidate) => candidate.alias === structure.alias)
  return source !== undefined && (await listRuns(db, source.id, 100)).some((run) => run.fileName === fileName && run.status === 'done')
}

async function importDemoFile({ pool, dataDir, timeZone, log, operator, say }: Filling, { fileName, structure, lines }: DemoFile, folder: string): Promise<void> {
  const path = join(folder, fileName)
  await writeFile(path, [...lines].join('\n') + '\n')
  const run = await importFile({ pool, dataDir, timeZone, log, aesKey: null }, { source: structure.alias ?? fileName, path, structure, operator })
  if (run.status !== 'done') throw new Error(`The demo file ${fileName} could not be imported: ${run.error ?? run.status}`)
  say(`  ${structure.alias}: ${(run.new ?? 0).toLocaleString('en')} rows new, ${(run.changed ?? 0).toLocaleString('en')} changed, ${run.rejected ?? 0} rejected`)
}

/** Every run has ordered a count of its own; the last one counts everything. */
async function countValues({ pool, dataDir, timeZone, log }: Filling, db: Db): Promise<void> {
  const waiting = await recoverJobs(db)
  for (const id of waiting.slice(0, -1)) await setJobCancelled(db, id)
  const last = waiting.at(-1)
  if (last !== undefined) await runJob({ pool, dataDir, timeZone, log, aesKey: null }, handlers, last)
}

async function showColumns({ operator }: Filling, db: Db): Promise<void> {
  if (!operator || (await getSetting<string[] | null>(db, 'column_display', null)) !== null) return
  const catalog = await getCatalog(db)
  const tags = catalog.sources.flatMap((source) => source.columns.filter((column) => column.kind === 'tag'))
  const refs = shown.flatMap((name) => (name.startsWith('attribute:') ? [name] : tags.filter((tag) => tag.tagName === name).map((tag) => `tag:${tag.id}`)))
  await setColumns(db, Access.full(catalog), refs, operator)
}
