import { formatCount, formatNumber } from '../format.ts'

/** One line that is written over on a terminal; elsewhere one for each step. */
export function showProgress(out: NodeJS.WriteStream, expected?: number): { begin(step: string): void; rows(table: string, count: number): void; end(): void } {
  let step = ''
  let done = 0
  let shown = 0
  return {
    begin(next) {
      step = next
      done = 0
      shown = 0
      if (!out.isTTY) out.write(`${next}\n`)
    },
    rows(table, count) {
      done += count
      if (!out.isTTY || Date.now() - shown < 100) return
      shown = Date.now()
      out.write(`\r\u001b[K${step}: ${expected === undefined ? formatCount(done, 'row') : `${formatNumber(done)} of ${formatCount(expected, 'row')}`} (${table})`)
    },
    end() { if (out.isTTY) out.write('\r\u001b[K') }
  }
}
