import t from 'tap'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillDemo } from '../../src/demo/fill.ts'
import { listRoles } from '../../src/access/queries.ts'
import { accessOf } from '../../src/access/role.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { openTestDatabase } from '../helper.ts'
import { makeAdministrator } from '../role.ts'

t.test('the demo is filled, and its analysts see tags and attributes in full and IDs masked', async (t) => {
  const database = await openTestDatabase(t)
  const dataDir = await mkdtemp(join(tmpdir(), 'u360-demo-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const operator = await makeAdministrator(database.db, 'A')
  const start = performance.now()
  await fillDemo({ pool: database.pool, dataDir, timeZone: 'UTC', operator, leaving: () => false, say: (text) => t.comment(text, Math.round(performance.now() - start)), log: { info() {}, error(d, s) { console.error(s, d) } } })
  t.comment(Math.round(performance.now() - start))
  t.comment((await database.pool.query('select id, rows_new, rows_changed, rows_rejected, users_new, users_joined, joins_refused from import_runs order by id')).rows)
  t.comment((await database.pool.query('select reason, t.code, count(*), max(row_count) from refused_joins r join id_types t on t.id = r.id_type group by 1, 2')).rows)
  t.comment((await database.pool.query('select * from catalog_state')).rows)
  t.comment((await database.pool.query('select detail, reason, left(content, 100) from rejected_rows')).rows)

  const roles = await listRoles(database.db)
  const analyst = accessOf(await getCatalog(database.db), roles, [roles.find(({ name }) => name === 'Analyst')!.id])
  t.ok(analyst.everyUser, 'an analyst finds everybody')
  t.same([...new Set(analyst.sources.flatMap(({ columns }) => columns.map(({ kind, masked }) => `${kind} ${masked ? 'masked' : 'full'}`)))].toSorted(), ['attribute full', 'id masked', 'tag full'])
  t.ok((await database.db.selectFrom('history_entries').select('id').where('kind', '=', 'role').execute()).length > 0, 'the grants are in the history')
})
