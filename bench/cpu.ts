import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

/**
 * Processor time in seconds of the database server, with all its processes, ended ones too; NaN where the system does not
 * tell. Other work on the machine lengthens the time by the clock several times over, and this hardly at all.
 */
export async function serverCpu(pool: pg.Pool): Promise<number> {
  const { rows: [backend] } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  const postmaster = statOf(backend?.pid ?? 0)?.parent ?? NaN
  const children = processes().filter((one) => one.parent === postmaster)
  return (statOf(postmaster)?.withEnded ?? NaN) + children.reduce((sum, one) => sum + one.own, 0)
}

export function processCpu(pid: number): number {
  return statOf(pid)?.own ?? NaN
}

interface Stat { parent: number; own: number; withEnded: number }

/** Linux counts in hundredths of a second. */
function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number)
    const at = (index: number) => (fields[index] ?? NaN) / 100
    return { parent: fields[1] ?? NaN, own: at(11) + at(12), withEnded: at(11) + at(12) + at(13) + at(14) }
  } catch {
    return undefined
  }
}

function processes(): Stat[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => statOf(Number(name)) ?? [])
  } catch {
    return []
  }
}
