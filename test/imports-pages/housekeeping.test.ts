import { mkdir, mkdtemp, readdir, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { housekeeping } from '../../src/imports/housekeeping.ts'
import { insertSelection } from '../../src/overrides/queries/selections.ts'
import { setSetting } from '../../src/settings/queries.ts'
import { openTestDatabase } from '../helper.ts'

t.test('what is kept for a while goes when its time is over', async (t) => {
  const { db } = await openTestDatabase(t)
  const dataDir = await mkdtemp(join(tmpdir(), 'u360-house-'))
  const folder = join(dataDir, 'uploads')
  await mkdir(folder)
  const old = new Date(Date.now() - 25 * 3_600_000)
  const put = async (name: string, aged: boolean) => { await writeFile(join(folder, name), 'x'); if (aged) await utimes(join(folder, name), old, old); return join(folder, name) }
  const keep = async (id: string, hours: number) => db.insertInto('uploads').values({ id, file_name: id, path: await put(`${id}.csv`, hours > 24), bytes: '1', operator_id: null, source_id: null, options: '{}', created_at: sql`now() - make_interval(hours => ${hours})` as never }).execute()
  await keep('fresh', 1)
  await keep('old', 25)
  await put('stray-old.csv', true)
  await put('stray-fresh.csv', false)
  const { id } = await db.insertInto('sources').values({ alias: 'S', key_column: 'k', key_id_type: null, update_time_column: null, file_format: '{}', rows_table: null, identities_table: null, values_table: null, created_by: null, removed_at: null }).returning('id').executeTakeFirstOrThrow()
  const job = await db.insertInto('jobs').values({ kind: 'import', title: '', status: 'waiting', stage: null, payload: '{}', result: null, error: null, operator_id: null, started_at: null, ended_at: null }).returning('id').executeTakeFirstOrThrow()
  await db.insertInto('import_runs').values({ source_id: id, job_id: job.id, file_name: 'x', file_path: await put('waiting-old.csv', true) } as never).execute()
  for (const [line, days] of [[1, 31], [2, 29], [3, 8]]) await db.insertInto('rejected_rows').values({ run_id: 1, line: String(line), reason: 'cell', detail: '', content: '', at: sql`now() - make_interval(days => ${days})` as never }).execute()

  const operator = await db.insertInto('operators').values({ email: 'a@example.com', name: 'A', password_hash: '-' }).returning('id').executeTakeFirstOrThrow()
  const choose = () => db.transaction().execute((trx) => insertSelection(trx, { operatorId: operator.id, query: null }, sql`select n as user_id from generate_series(1, 70000) n`))
  const [oldChoice, fresh] = [await choose(), await choose()]
  t.equal(fresh.users, 70_000)
  await db.updateTable('selections').set({ created_at: sql`now() - interval '25 hours'` as never }).where('id', '=', oldChoice.id).execute()

  await housekeeping(db, dataDir)
  t.same(await db.selectFrom('selected_users').select(['selection_id', 'part']).orderBy('part').execute(), ['0', '1'].map((part) => ({ selection_id: fresh.id, part })), 'choices of users go with their users')
  t.same((await readdir(folder)).sort(), ['fresh.csv', 'stray-fresh.csv', 'waiting-old.csv'])
  t.same((await db.selectFrom('uploads').select('id').execute()).map((row) => row.id), ['fresh'])
  t.same((await db.selectFrom('rejected_rows').select('line').orderBy('line').execute()).map((row) => row.line), ['2', '3'])

  await setSetting(db, 'rejected_rows_days', 7)
  await housekeeping(db, dataDir)
  t.same(await db.selectFrom('rejected_rows').select('line').execute(), [])
  await housekeeping(db, join(dataDir, 'not-there'))
})
