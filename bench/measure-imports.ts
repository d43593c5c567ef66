import type pg from 'pg'
import { sayStages } from './beside-import.ts'
import type { Console } from './console.ts'
import { importFile, waitUntilIdle, type ImportResult } from './imports.ts'
import type { Files } from './data-file.ts'
import { copyFile } from './raw.ts'
import { filterIndexSeconds, longest, type StatementLog } from './statements.ts'
import { count, megabytes, seconds, times, type ResultTable } from './table.ts'
import { median } from './timing.ts'

const source = 'members'
const mostMemory = 300 * 1024 * 1024

/** COPY before, between and after, since other work on the machine makes every single time doubtful. */
export async function measureImports(console_: Console, raw: pg.Pool, log: StatementLog, files: Files, table: ResultTable, statements: boolean): Promise<void> {
  const copies = [await copyFile(raw, files.people)]
  const first = await measured(console_, log, files.people, statements)
  copies.push(await copyFile(raw, files.people))
  const again = await measured(console_, log, files.people, statements)
  const changed = await measured(console_, log, files.changed, statements)
  copies.push(await copyFile(raw, files.people))
  const copy = median(copies.map((one) => one.seconds))
  const copyCpu = median(copies.map((one) => one.cpu))
  table.add({ work: 'COPY of the file into a typed table with its key', here: '', bare: seconds(copy), note: `${megabytes(files.bytes)}; ${copies.map((one) => seconds(one.seconds)).join(', ')}; ${seconds(copyCpu)} of processor time` })
  const add = (work: string, { result, index }: Measured, most: number | null) => {
    const own = result.seconds - index
    table.add({ work, here: seconds(own), bare: seconds(copy), ratio: times(own / copy), reach: most === null ? '' : `at most ${most} x`, met: most === null ? null : own <= most * copy, note: `${seconds(result.cpu - index)} of processor time (${times((result.cpu - index) / copyCpu)}); ${sayStages(result)}; ${sayCounts(result)}` })
    if (index > 0.01) table.add({ work: '… indexes for filters, apart', here: seconds(index), ratio: times(index / copy), note: 'member level and city' })
    table.add({ work: '… memory of the process', here: megabytes(result.peakBytes), reach: 'under 300 MB', met: result.peakBytes < mostMemory, note: 'peak, web server and worker thread' })
  }
  add('import of the file', first, 5)
  add('import again, nothing changed', again, null)
  add('import again, 1% of rows changed', changed, 1.5)
  table.add({ work: 'counting values after an import', here: seconds(first.counting), note: 'a job of its own; pages have the new data before' })
  const { rows } = await console_.pool.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes')
  const { rows: bare } = await raw.query<{ bytes: string }>(`select pg_total_relation_size('people') as bytes`)
  table.add({ work: 'size of the database', here: megabytes(Number(rows[0]?.bytes)), bare: megabytes(Number(bare[0]?.bytes)), ratio: times(Number(rows[0]?.bytes) / Number(bare[0]?.bytes)), note: 'rows as imported, identities, projection and their indexes' })
}

interface Measured { result: ImportResult; index: number; counting: number }

async function measured(console_: Console, log: StatementLog, path: string, statements: boolean): Promise<Measured> {
  const result = await importFile(console_, log, source, path)
  console.log(`  import in ${seconds(result.seconds)}: ${sayStages(result)}`)
  if (statements) console.log(longest(result.statements, 14).join('\n'))
  const counting = await waitUntilIdle(console_)
  return { result, index: filterIndexSeconds(result.statements), counting }
}

function sayCounts({ run }: ImportResult): string {
  const part = (label: string, number: number | null) => (number ? [`${count(number)} ${label}`] : [])
  return [...part('new', run.new), ...part('changed', run.changed), ...part('unchanged', run.unchanged), ...part('users new', run.usersNew), ...part('users joined', run.usersJoined), ...part('joins refused', run.joinsRefused)].join(', ')
}

/** The first file alone, for whoever measures only the pages. */
export async function loadFirst(console_: Console, log: StatementLog, files: Files): Promise<void> {
  console.log('Importing the file …')
  await importFile(console_, log, source, files.people)
  await waitUntilIdle(console_)
}
