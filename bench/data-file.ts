import { createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { columns, csvLine, type Variant } from './people.ts'

export interface Files { people: string; changed: string; other: string; bytes: number }

/** The three files of a run: all rows, the same with one row in a hundred changed, and half as many of another source whose first people are the last of the first. */
export async function makeFiles(folder: string, rows: number): Promise<Files> {
  const path = (name: string) => join(folder, `${name}-${rows}.csv`)
  const files = { people: path('people'), changed: path('changed'), other: path('other') }
  const bytes = await writeDataFile(files.people, rows, { changeEvery: 0, offset: 0, keyPrefix: 'M' })
  await writeDataFile(files.changed, rows, { changeEvery: 100, offset: 0, keyPrefix: 'M' })
  await writeDataFile(files.other, Math.floor(rows / 2), { changeEvery: 0, offset: Math.floor(rows * 0.9), keyPrefix: 'W' })
  return { ...files, bytes }
}

function writeDataFile(path: string, rows: number, variant: Variant): Promise<number> {
  return writeLines(path, lines(rows, variant))
}

/** Writes the file unless it is there already; answers its size in bytes. */
export async function writeLines(path: string, text: Iterable<string>): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  if (found) return found.size
  await pipeline(Readable.from(text), createWriteStream(`${path}.new`))
  await rename(`${path}.new`, path)
  return (await stat(path)).size
}

function* lines(rows: number, variant: Variant): Generator<string> {
  let block = `${columns.map((column) => column.name).join(',')}\n`
  for (let row = 0; row < rows; row++) {
    block += `${csvLine(row, variant)}\n`
    if (block.length > 256 * 1024) { yield block; block = '' }
  }
  yield block
}
