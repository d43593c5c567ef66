import t from 'tap'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillDemo } from '../../src/demo/fill.ts'
import { openTestDatabase } from '../helper.ts'

t.test('times', async (t) => {
  const database = await openTestDatabase(t)
  const dataDir = await mkdtemp(join(tmpdir(), 'u360-demo-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const { id } = await database.db.insertInto('operators').values({ email: 'a@example.com', name: 'A', password_hash: 'x' }).returning('id').executeTakeFirstOrThrow()
  const start = performance.now()
  await fillDemo({ pool: database.pool, dataDir, timeZone: 'UTC', operator: { id, name: 'A' }, leaving: () => false, say: (text) => t.comment(text, Math.round(performance.now() - start)), log: { info() {}, error(d, s) { console.error(s, d) } } })
  t.comment(Math.round(performance.now() - start))
  t.comment((await database.pool.query('select id, rows_new, rows_changed, rows_rejected, users_new, users_joined, joins_refused from import_runs order by id')).rows)
  t.comment((await database.pool.query('select reason, t.code, count(*), max(row_count) from refused_joins r join id_types t on t.id = r.id_type group by 1, 2')).rows)
  t.comment((await database.pool.query('select * from catalog_state')).rows)
  t.comment((await database.pool.query('select detail, reason, left(content, 100) from rejected_rows')).rows)
})
