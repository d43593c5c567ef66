import { createHash } from 'node:crypto'
import { Transform, type Readable } from 'node:stream'
import type { Db } from '../db/database.ts'
import { discardUpload } from '../sources/discard-upload.ts'
import { getUpload, type Upload } from '../sources/queries.ts'
import { receiveUpload } from '../sources/receive-upload.ts'

/** A file that came in, and what knows it again. */
export interface ReceivedFile extends AsyncDisposable { upload: Upload; digest: string; taken(): void }

/** Streams a file to the folder of uploads. It goes with the end of its scope unless something took it over. */
export async function receiveCsv(db: Db, dataDir: string, file: { stream: Readable; fileName: string; sourceId: number; operatorId: number; announcedBytes?: number }): Promise<ReceivedFile> {
  const hash = createHash('sha256')
  const stream = file.stream.pipe(new Transform({ transform(chunk: Buffer, _encoding, done) { hash.update(chunk); done(null, chunk) } }))
  // A sender that breaks off must break this off as well.
  file.stream.once('error', (error) => stream.destroy(error)).once('close', () => { if (!file.stream.readableEnded) stream.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })) })
  const upload = await getUpload(db, await receiveUpload(db, dataDir, { ...file, stream }))
  let taken = false
  return {
    upload, digest: hash.digest('hex'), taken() { taken = true },
    async [Symbol.asyncDispose]() { if (!taken) await discardUpload(db, upload) }
  }
}
