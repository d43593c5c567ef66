import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import { BadBackup } from './problem.ts'

/** The parts of a ZIP as backups are: no encryption, packed or not. */
export interface Archive {
  names(): string[]
  has(name: string): boolean
  /** A part as a whole, checked; for small ones. */
  text(name: string): Promise<string>
  /** A part as it is unpacked. */
  stream(name: string): Readable
  close(): Promise<void>
}

interface Entry { packed: boolean; crc: number; bytes: number; begin: number }

const endMark = 0x06054b50, wideEndMark = 0x06064b50, entryMark = 0x02014b50, partMark = 0x04034b50
const endBytes = 22, wideEndBytes = 56, locatorBytes = 20, entryBytes = 46, partBytes = 30
const greatestComment = 65_535

/** Opens a ZIP by the directory at its end, so that a file which was cut off is known at once. Throws BadBackup where it is none. */
export async function openArchive(path: string): Promise<Archive> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => { throw error.code === 'ENOENT' ? new BadBackup(`There is no file ${path}.`) : error })
  try {
    const entries = await readDirectory(file)
    const find = (name: string): Entry => {
      const entry = entries.get(name)
      if (!entry) throw new BadBackup(`The part ${name} is missing.`)
      return entry
    }
    const raw = (entry: Entry) => createReadStream(path, { start: entry.begin, end: entry.begin + entry.bytes - 1, highWaterMark: 256 * 1024 })
    return {
      names: () => [...entries.keys()],
      has: (name) => entries.has(name),
      stream(name) {
        const entry = find(name)
        if (!entry.packed) return raw(entry)
        const unpacked = createInflateRaw()
        raw(entry).on('error', (error) => unpacked.destroy(error)).pipe(unpacked)
        return unpacked
      },
      async text(name) {
        const entry = find(name)
        const bytes = await read(file, entry.begin, entry.bytes)
        const content = entry.packed ? unpack(bytes) : bytes
        if (crc32(content) !== entry.crc) throw new BadBackup(`The part ${name} is not what was written.`)
        return content.toString('utf8')
      },
      close: () => file.close()
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readDirectory(file: FileHandle): Promise<Map<string, Entry>> {
  const { size } = await file.stat()
  const tail = await read(file, Math.max(0, size - endBytes - greatestComment), Math.min(size, endBytes + greatestComment))
  const at = lastMark(tail, endMark)
  if (at < 0) throw new BadBackup('It is no ZIP, or its end is missing.')
  let count = tail.readUInt16LE(at + 10), length = tail.readUInt32LE(at + 12), begin = tail.readUInt32LE(at + 16)
  if (count === 0xffff || length === 0xffffffff || begin === 0xffffffff) {
    const locator = await read(file, size - (tail.length - at) - locatorBytes, locatorBytes)
    const wide = await read(file, Number(locator.readBigUInt64LE(8)), wideEndBytes)
    if (wide.readUInt32LE(0) !== wideEndMark) throw new BadBackup('Its directory cannot be read.')
    count = Number(wide.readBigUInt64LE(32)); length = Number(wide.readBigUInt64LE(40)); begin = Number(wide.readBigUInt64LE(48))
  }
  const directory = await read(file, begin, length)
  const entries = new Map<string, Entry>()
  for (let offset = 0; count > 0; count--) {
    if (offset + entryBytes > directory.length || directory.readUInt32LE(offset) !== entryMark) throw new BadBackup('Its directory cannot be read.')
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => directory.readUInt16LE(offset + field)) as [number, number, number]
    const name = directory.toString('utf8', offset + entryBytes, offset + entryBytes + nameBytes)
    const extra = directory.subarray(offset + entryBytes + nameBytes, offset + entryBytes + nameBytes + extraBytes)
    const [bytes, header] = placeOf(directory.subarray(offset, offset + entryBytes), extra)
    const part = await read(file, header, partBytes)
    if (part.readUInt32LE(0) !== partMark) throw new BadBackup(`The part ${name} cannot be found.`)
    entries.set(name, { packed: directory.readUInt16LE(offset + 10) !== 0, crc: directory.readUInt32LE(offset + 16), bytes, begin: header + partBytes + part.readUInt16LE(26) + part.readUInt16LE(28) })
    offset += entryBytes + nameBytes + extraBytes + commentBytes
  }
  return entries
}

/** Packed size of a part and where it begins; numbers beyond 4 GB stand in the extra field, in this order and only those. */
function placeOf(head: Buffer, extra: Buffer): [bytes: number, header: number] {
  const narrow = [head.readUInt32LE(24), head.readUInt32LE(20), head.readUInt32LE(42)]
  let wide: Buffer = Buffer.alloc(0)
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) if (extra.readUInt16LE(at) === 1) wide = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
  let next = 0
  const [, bytes, header] = narrow.map((value) => {
    if (value !== 0xffffffff || next + 8 > wide.length) return value
    next += 8
    return Number(wide.readBigUInt64LE(next - 8))
  }) as [number, number, number]
  return [bytes, header]
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { size } = await file.stat()
  if (position < 0 || position + length > size) throw new BadBackup('Its end is missing.')
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, position)
  return bytes.subarray(0, bytesRead)
}

function lastMark(bytes: Buffer, mark: number): number {
  for (let at = bytes.length - endBytes; at >= 0; at--) if (bytes.readUInt32LE(at) === mark) return at
  return -1
}

function unpack(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes)
  } catch {
    throw new BadBackup('A part of it cannot be unpacked.')
  }
}
