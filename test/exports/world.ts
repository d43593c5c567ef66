import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inflateRawSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { LightMyRequestResponse } from 'fastify'
import type { TestApp } from '../helper.ts'
import type { Send } from '../role.ts'

/** The one file in a ZIP, by the list at its end. */
export function unzip(zip: Buffer): { name: string; content: Buffer } {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  const entry = zip.readUInt32LE(end + 16)
  if (zip.readUInt16LE(end + 10) !== 1) throw new Error('the ZIP does not hold one file')
  const [size, nameLength, at] = [zip.readUInt32LE(entry + 20), zip.readUInt16LE(entry + 28), zip.readUInt32LE(entry + 42)]
  const from = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28)
  return { name: zip.toString('utf8', entry + 46, entry + 46 + nameLength), content: inflateRawSync(zip.subarray(from, from + size)) }
}

export interface Exported { text: string; names: string[]; rows: Record<string, string>[] }

/** What a spreadsheet or a program reads in the file. */
export function readCsv(zip: Buffer): Exported {
  const text = unzip(zip).content.toString('utf8')
  const [names = [], ...rows] = parse(text, { bom: true, record_delimiter: '\r\n' }) as string[][]
  return { text, names, rows: rows.map((cells) => Object.fromEntries(cells.map((cell, index) => [names[index]!, cell]))) }
}

export type ExportForm = Record<string, string | string[]>
export const plain: ExportForm = { act: 'export', bom: 'on', guard: 'on' }

/** Orders an export while the jobs run, as the worker does it; answers what the page answered. */
export async function order(world: TestApp, as: Send, form: ExportForm): Promise<LightMyRequestResponse> {
  const answer = as({ method: 'POST', url: '/users/exports', form: { in: '/users', ...plain, ...form } })
  let answered = false
  void answer.finally(() => { answered = true })
  while (!answered) {
    await world.runJobs()
    await sleep(20)
  }
  return answer
}

/** Orders an export and fetches its file. */
export async function exported(world: TestApp, as: Send, form: ExportForm): Promise<Exported> {
  const answer = await order(world, as, form)
  const location = String(answer.headers.location)
  if (!/^\/exports\/\d+\/file$/.test(location)) throw new Error(`${answer.statusCode} ${location}: ${answer.body.slice(0, 2000)}`)
  const file = await as({ url: location })
  if (file.statusCode !== 200) throw new Error(`the file answers ${file.statusCode}: ${file.body.slice(0, 500)}`)
  return readCsv(file.rawPayload)
}

export function everything(body: string): string[] {
  return [...body.matchAll(/name="item" value="([^"]+)"/g)].map((match) => match[1]!)
}

/** Bytes of a file of an export, whatever its name. */
export async function fileOf(world: TestApp, id: number): Promise<Buffer | null> {
  const { file } = await world.db.selectFrom('exports').select('file').where('id', '=', id).executeTakeFirstOrThrow()
  return file === null ? null : readFile(join(world.dataDir, 'exports', file))
}
