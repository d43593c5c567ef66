import { addressOf } from '../connections/address.ts'
import { getConnection } from '../connections/queries.ts'
import { findTable } from '../connections/queries/other.ts'
import { copySql, grantsFor, greatestSql, missingGrants, tableInWords, tellsChange, type TableColumn, type TableState } from '../connections/table.ts'
import { problemInWords } from '../connections/words.ts'
import { openRead, readOther, type OtherRead } from '../db/other-database.ts'
import { JobCancelled, JobStopped, type JobContext } from '../jobs/job.ts'
import { Conflict } from '../problem.ts'
import { namesOf } from '../sources/sample.ts'
import type { RowStream } from './row-stream.ts'
import type { Mark, RunOrigin } from './run-origin.ts'
import { RecordSplitter } from './split-records.ts'

const askEvery = 1000
const describeSeconds = 60

/**
 * The rows of a table of another database, in one state of it; from `from` on where that is given. Everything that fails there
 * stops the run with words. A cancel ends the statement there as well.
 */
export async function tableRows(context: JobContext, origin: RunOrigin, from: Mark | null): Promise<RowStream> {
  const connection = await getConnection(context.db, origin.connectionId)
  const name = tableInWords(origin)
  const stopped = (error: unknown) => {
    if (error instanceof JobStopped || error instanceof JobCancelled) return error
    return new JobStopped(error instanceof Conflict ? error.message : `${name} in ${connection.name} could not be read. ${problemInWords(error, connection)} Nothing was changed.`)
  }
  const stop = (grants: string[]) => new JobStopped(`“${connection.user}” may not read all of ${name} in ${connection.name}. Whoever runs that database can allow it by: ${grants.join(' ')} Nothing was changed.`)
  const address = await addressOf(context.dataDir, connection).catch((error: unknown) => { throw stopped(error) })
  const state = await readOther(address, describeSeconds, (read) => findTable(read, origin)).catch((error: unknown) => { throw stopped(error) })
  if (!state) throw new JobStopped(`There is no table ${name} in ${connection.name} any more. Nothing was changed.`)
  const lacking = missingGrants(state, connection.user)
  if (lacking.length) throw stop(lacking)
  const by = changeColumn(state, origin.changedBy)
  const names = namesOf(state.columns.map((column) => column.name))
  let mark: Mark | null = null

  function streamOf(places: readonly number[]): RowStream {
    const splitter = new RecordSplitter({ delimiter: ',', columns: places.length, header: false })
    async function* chunks(counting?: readonly number[]): AsyncIterable<Buffer> {
      if (counting) splitter.hashBy(counting)
      const read = await openRead(address, 0).catch((error: unknown) => { throw stopped(error) })
      const watch = watchCancel(context, read)
      let done = false
      try {
        mark = by ? markOf(origin, by, (await read.rows<{ greatest: string | null }>(greatestSql(origin, by)))[0]?.greatest ?? null) ?? from : null
        for await (const bytes of read.copy(copySql(origin, places.map((place) => state!.columns[place] as TableColumn), { since: by && from ? { column: by, value: from.value } : null }))) yield splitter.push(bytes)
        yield splitter.end()
        done = true
      } catch (error) {
        throw watch.cancelled ?? stopped(error)
      } finally {
        watch.end()
        if (!done) await read.cancel().catch(() => {})
        await read.close()
      }
    }
    return {
      columns: places.map((place) => names[place] as string), delimiter: ',', chunks, takeBad: () => splitter.takeBad(), traits: (column) => splitter.traits(column), mark: () => mark,
      progress: () => ({ done: splitter.records, total: from ? splitter.records : Math.max(splitter.records, state!.rowsAbout) }),
      pick(wanted) {
        const picked = places.filter((place) => wanted.has(names[place] as string))
        const hidden = picked.map((place) => state!.columns[place] as TableColumn).filter((column) => !column.readable)
        if (hidden.length) throw stop(grantsFor(origin, connection.user, { usage: false, columns: hidden.map((column) => column.name) }))
        return streamOf(picked)
      }
    }
  }
  return streamOf(state.columns.map((_, place) => place))
}

function changeColumn(state: TableState, name: string | null): TableColumn | null {
  if (name === null) return null
  const column = state.columns.find((one) => one.name === name)
  if (column && tellsChange(column)) return column
  throw new JobStopped(`${tableInWords(state)} has no column “${name}” any more that tells what changed. Choose another on the page of the source. Nothing was changed.`)
}

function markOf({ connectionId, schema, table }: RunOrigin, column: TableColumn, value: string | null): Mark | null {
  return value === null ? null : { connectionId, schema, table, column: column.name, value }
}

/** Ends the statement of the other database soon after a cancel was asked for, also while it sends nothing. */
function watchCancel(context: JobContext, read: OtherRead): { cancelled: JobCancelled | undefined; end(): void } {
  const watch: { cancelled: JobCancelled | undefined; end(): void } = { cancelled: undefined, end: () => clearInterval(timer) }
  const timer = setInterval(() => void context.check().catch(async (error: unknown) => {
    if (!(error instanceof JobCancelled) || watch.cancelled) return
    watch.cancelled = error
    await read.cancel().catch(() => {})
  }), askEvery)
  return watch
}
