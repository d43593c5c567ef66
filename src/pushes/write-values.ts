import type { Readable } from 'node:stream'
import { matchingValue } from './matching-value.ts'
import type { MatchingZip } from './matching-zip.ts'
import type { Hash } from './push.ts'
import type { IdKind } from './queries/id-values.ts'

/** Users by ID type, and values that stand in no file. */
export interface Written { counts: Record<string, number>; other: number; unreadable: number }

const toldEvery = 5000

/** Writes the rows of matchingRows into files; of a user each value once. `told` hears now and then how many rows there were. */
export async function writeValues(rows: Readable, zip: MatchingZip, written: Written, told: (rows: number) => void, { kinds, hash, aesKey }: { kinds: IdKind[][]; hash: Hash; aesKey: string | null }): Promise<void> {
  let [last, seen] = ['', 0]
  let ofUser = new Set<string>()
  for await (const line of linesOf(rows)) {
    if (++seen % toldEvery === 0) told(seen)
    const [at = '', kind = '', userId = '', hex = ''] = line.split(',')
    const of = kinds[Number(at)]![Number(kind)]!
    const value = matchingValue(of, Buffer.from(hex, 'hex').toString('utf8'), hash, aesKey)
    if ('leftOut' in value) {
      written[value.leftOut]++
      continue
    }
    if (last !== `${at} ${userId}`) [last, ofUser] = [`${at} ${userId}`, new Set()]
    if (ofUser.has(value.text)) continue
    if (ofUser.size === 0) written.counts[of.type] = (written.counts[of.type] ?? 0) + 1
    ofUser.add(value.text)
    await zip.write(of.type, value.text)
  }
}

async function* linesOf(rows: Readable): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
