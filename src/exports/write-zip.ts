import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** The level at which files are packed: that of zip itself. */
export const zipLevel = 6

/**
 * Writes a ZIP that holds the stream as its one file, under a name of its own until it is whole and safe on the disk. Nothing is left of
 * it where anything fails. Answers its size in bytes.
 */
export async function writeZip(path: string, name: string, content: Readable): Promise<number> {
  const half = `${path}${halfEnding}`
  try {
    await pack(half, name, content)
    const { size } = await stat(half)
    await rename(half, path)
    return size
  } catch (error) {
    content.destroy()
    await rm(half, { force: true })
    throw error
  }
}

export const halfEnding = '.part'

async function pack(path: string, name: string, content: Readable): Promise<void> {
  const zip = new ZipFile()
  // yazl passes on what it reads but not that reading failed.
  const output = zip.outputStream as Readable
  for (const emitter of [zip, content]) emitter.on('error', (error: Error) => output.destroy(error))
  zip.addReadStream(content, name, { compressionLevel: zipLevel, mode: 0o100600 })
  zip.end()
  await pipeline(output, createWriteStream(path, { mode: 0o600, flush: true }))
}
