import type pg from 'pg'
import { Conflict } from '../problem.ts'
import { dataLane } from './lanes.ts'

/** Does something that must not meet a job of the data lane: refuses while one is at work, and lets none begin meanwhile. */
export async function holdLane<T>(pool: pg.Pool, act: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [dataLane.lock])
    if (!rows[0]?.held) throw new Conflict('Data is being imported or worked out anew at the moment. Try again when that is done; nothing was changed.')
    try {
      return await act()
    } finally {
      await client.query('select pg_advisory_unlock($1)', [dataLane.lock]).catch((lost: Error) => { broken = lost })
    }
  } finally {
    client.release(broken)
  }
}
