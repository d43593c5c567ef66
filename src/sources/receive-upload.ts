import { randomBytes } from 'node:crypto'
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import type { Db } from '../db/database.ts'
import { formatBytes } from '../format.ts'
import { Invalid } from '../problem.ts'
import type { SampleOrigin } from './origin.ts'
import { insertUpload } from './queries.ts'

export interface IncomingFile {
  stream: Readable
  fileName: string
  sourceId: number | null
  operatorId: number | null
  /** The table that these rows are a sample of. */
  origin?: SampleOrigin
  /** As the sender announced it, where it did. */
  announcedBytes?: number
}

export function uploadFolder(dataDir: string): string {
  return resolve(dataDir, 'uploads')
}

/** Is this a file that the console took in, and may remove? A path given to the import command is not. */
export function isUploadedFile(dataDir: string, path: string): boolean {
  return resolve(path).startsWith(uploadFolder(dataDir) + sep)
}

interface Target { write(chunk: Buffer): Promise<unknown>; close(): Promise<void> }

/**
 * Streams a file to DATA_DIR/uploads under a random name and answers the id of its record. Nothing of a file that broke off stays.
 * `openTarget` is replaced by tests that play a full disk.
 */
export async function receiveUpload(db: Db, dataDir: string, file: IncomingFile, openTarget: (path: string) => Promise<Target> = openNew): Promise<string> {
  const folder = uploadFolder(dataDir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await refuseTooLarge(folder, file)
  const id = randomBytes(12).toString('hex')
  const path = join(folder, `${id}.csv`)
  const progress = { bytes: 0 }
  try {
    const target = await openTarget(path)
    await writeAll(file.stream, target, progress).finally(() => target.close())
    if (progress.bytes === 0) throw new Invalid(`The file ${file.fileName} is empty: it has no bytes. Choose another file.`)
    await insertUpload(db, { id, fileName: file.fileName, path, bytes: progress.bytes, operatorId: file.operatorId, sourceId: file.sourceId, origin: file.origin ?? null })
    return id
  } catch (error) {
    await rm(path, { force: true })
    throw inWords(error as NodeJS.ErrnoException, file.fileName, progress.bytes)
  }
}

async function openNew(path: string): Promise<Target> {
  const handle = await open(path, 'wx', 0o600)
  return { write: (chunk) => handle.appendFile(chunk), close: () => handle.close() }
}

/** After a failed write the rest is read and dropped, so that the sender gets to see the answer. */
async function writeAll(stream: Readable, target: Target, progress: { bytes: number }): Promise<void> {
  let failed: unknown
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (failed) continue
    try {
      await target.write(chunk)
      progress.bytes += chunk.length
    } catch (error) {
      failed = error
    }
  }
  if (failed) throw failed
}

// A disk that is filled to the last byte also stops the database, so some room is left.
const keepFree = 200 * 1024 * 1024

async function refuseTooLarge(folder: string, file: IncomingFile): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const room = bavail * bsize - keepFree
  if (file.announcedBytes === undefined || file.announcedBytes <= room) return
  for await (const _ of file.stream) { /* read to the end, for the same reason */ }
  throw new Invalid(`The disk of the console has not enough room for ${file.fileName}: the file has ${formatBytes(file.announcedBytes)}, and ${formatBytes(Math.max(0, room))} can be used. Make room or ask whoever runs the console.`)
}

function inWords(error: NodeJS.ErrnoException, fileName: string, bytes: number): Error {
  if (error instanceof Invalid) return error
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return new Invalid(`The disk of the console is full: ${fileName} was not kept. Make room or ask whoever runs the console, then upload it again.`)
  if (isBrokenOff(error)) return new Invalid(`The upload of ${fileName} broke off after ${formatBytes(bytes)}. Nothing of it was kept; upload it again.`)
  return error
}

// Of Node's streams, and of the multipart reader where the body ends too early.
function isBrokenOff(error: NodeJS.ErrnoException): boolean {
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'ECONNABORTED', 'ABORT_ERR'].includes(error.code ?? '') || /aborted|premature|unexpected end|terminated early/i.test(error.message)
}
