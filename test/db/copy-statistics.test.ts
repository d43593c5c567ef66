import t from 'tap'
import { copyStatistics } from '../../src/db/copy-statistics.ts'
import { openTestDatabase } from '../helper.ts'

t.test('a copy of a table has its statistics, and those of the column that was written anew', async (t) => {
  const { pool } = await openTestDatabase(t)
  await pool.query(`create table before as select n as user_id, 'city ' || n % 7 as city, (n % 100)::numeric / 4 as points, array['a', 'b' || n % 3] as likes, now() - n * interval '1 hour' as seen, null::text as nothing from generate_series(1, 5000) n`)
  await pool.query('analyze before; create table after as select user_id, \'town \' || user_id % 3 as city, points, likes, seen, nothing from before')
  const run = async (statement: string, values?: unknown[]) => (await pool.query(statement, values)).rowCount ?? 0
  await copyStatistics({ run }, 'before', 'after', 'city')
  const of = async (table: string) => (await pool.query(`select attname, null_frac, avg_width, n_distinct, most_common_vals::text, most_common_freqs, histogram_bounds::text, correlation, most_common_elems::text, elem_count_histogram from pg_stats where tablename = $1 and schemaname = current_schema() order by attname`, [table])).rows as { attname: string; n_distinct: number }[]
  const [before, after] = [await of('before'), await of('after')]
  t.equal(before.length, 6)
  t.same(after.filter((one) => one.attname !== 'city'), before.filter((one) => one.attname !== 'city'))
  t.equal(before.find((one) => one.attname === 'city')?.n_distinct, 7)
  t.equal(after.find((one) => one.attname === 'city')?.n_distinct, 3)
})
