import { open, stat } from 'node:fs/promises'
import type pg from 'pg'
import { openHome } from '../src/db/embedded-home.ts'

export interface Statement { seconds: number; text: string }

/** Reads from the log of the embedded server what its statements took. */
export interface StatementLog { mark(): Promise<number>; since(mark: number): Promise<Statement[]> }

const least = 100

export async function watchStatements(pool: pg.Pool, dataDir: string): Promise<StatementLog> {
  await pool.query(`alter system set log_min_duration_statement = ${least}`)
  await pool.query('select pg_reload_conf()')
  const { log } = await openHome(dataDir)
  return {
    mark: async () => (await stat(log)).size,
    async since(mark) {
      const file = await open(log)
      try {
        const length = (await file.stat()).size - mark
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, mark)
        const entries = buffer.toString().matchAll(/^\S+ \S+ \S+ \[\d+\] LOG:  duration: ([\d.]+) ms  (?:statement|execute [^:]*): (.*(?:\n\t.*)*)/gm)
        return [...entries].map(([, duration, text]) => ({ seconds: Number(duration) / 1000, text: (text ?? '').replaceAll(/\s+/g, ' ') }))
      } finally {
        await file.close()
      }
    }
  }
}

/** What the indexes for filters took: those of the tables that pages read, other than their keys. */
export function filterIndexSeconds(statements: Statement[]): number {
  return statements.filter(({ text }) => /^create index on (users|values)_/.test(text)).reduce((sum, { seconds }) => sum + seconds, 0)
}

export function longest(statements: Statement[], most: number): string[] {
  return statements.toSorted((a, b) => b.seconds - a.seconds).slice(0, most).map(({ seconds, text }) => `${seconds.toFixed(2).padStart(8)} s  ${text.length > 200 ? `${text.slice(0, 200)} …` : text}`)
}
