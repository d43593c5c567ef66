import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

export interface Part { name: string; open(): Readable }

/** Packs tighter than the fastest level and twice as fast as that of zip itself. */
const level = 3

/**
 * Writes a ZIP of parts, each opened when the one before it has passed. It has a name of its own until it is whole and safe on the disk, and
 * nothing is left of it where anything fails. Only its owner may read it. Answers its size in bytes.
 */
export async function writeArchive(path: string, parts: readonly Part[], signal?: AbortSignal): Promise<number> {
  const half = `${path}.part`
  try {
    await rm(half, { force: true })
    await pack(half, parts, signal)
    const { size } = await stat(half)
    await rename(half, path)
    return size
  } catch (error) {
    await rm(half, { force: true })
    throw error
  }
}

async function pack(path: string, parts: readonly Part[], signal?: AbortSignal): Promise<void> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  const fail = (error: Error) => output.destroy(error)
  zip.on('error', fail)
  let open: Readable | undefined
  for (const part of parts) {
    zip.addReadStreamLazy(part.name, { compressionLevel: level, mode: 0o100600 }, (give) => {
      open = part.open().on('error', fail)
      give(null, open)
    })
  }
  zip.end()
  try {
    await pipeline(output, createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true }), { signal })
  } finally {
    open?.destroy()
  }
}
