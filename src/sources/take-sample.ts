import { Readable } from 'node:stream'
import { addressOf } from '../connections/address.ts'
import type { Connection } from '../connections/connection.ts'
import { findTable } from '../connections/queries/other.ts'
import { copySql, missingGrants, tableInWords, type TableRef } from '../connections/table.ts'
import { problemInWords } from '../connections/words.ts'
import { readOther } from '../db/other-database.ts'
import type { Db } from '../db/database.ts'
import { Invalid } from '../problem.ts'
import { receiveUpload } from './receive-upload.ts'
import { setUploadOptions } from './queries.ts'

const rows = 1000
/** The columns page reads one megabyte of a file. */
const bytes = 2 * 1024 * 1024
const seconds = 30

/** A table cannot be read before these statements are run. */
export class MissingRight extends Error {
  readonly grants: string[]
  constructor(message: string, grants: string[]) {
    super(message)
    this.grants = grants
  }
}

/** Takes the first rows of a table as if they had been uploaded, for the columns page. Answers the id of the upload. Throws MissingRight, or Invalid with words. */
export async function takeSample({ db, dataDir }: { db: Db; dataDir: string }, connection: Connection, ref: TableRef, operatorId: number): Promise<string> {
  const address = await addressOf(dataDir, connection)
  const words = (error: unknown) => (error instanceof Invalid || error instanceof MissingRight ? error : new Invalid(`${tableInWords(ref)} cannot be read. ${problemInWords(error, connection)}`))
  return readOther(address, seconds, async (read) => {
    const state = await findTable(read, ref)
    if (!state) throw new Invalid(`There is no table ${tableInWords(ref)} any more.`)
    const grants = missingGrants(state, connection.user)
    if (grants.length) throw new MissingRight(`“${connection.user}” may not read ${tableInWords(ref)}.`, grants)
    const { schema, table, kind, rowsAbout, key } = state
    const copy = head(read.copy(copySql(ref, state.columns.filter((column) => column.readable), { limit: rows, header: true })))
    const id = await receiveUpload(db, dataDir, { stream: Readable.from(copy), fileName: tableInWords(ref), sourceId: null, operatorId, origin: { connectionId: connection.id, connection: connection.name, schema, table, kind, rowsAbout, key } })
    await setUploadOptions(db, id, { encoding: 'utf-8', delimiter: ',', header: true })
    return id
  }).catch((error: unknown) => { throw words(error) })
}

async function* head(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let taken = 0
  for await (const chunk of chunks) {
    yield chunk
    taken += chunk.length
    if (taken > bytes) return
  }
}
