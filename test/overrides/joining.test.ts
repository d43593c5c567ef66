import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { targetOf } from '../../src/catalog/target.ts'
import { md5Key } from '../../src/identities/normalise.ts'
import { runRemap } from '../../src/identities/run-remap.ts'
import { runUndoRun } from '../../src/imports/run-undo.ts'
import { decide } from '../../src/overrides/decide.ts'
import type { Change } from '../../src/overrides/queries/insert-decisions.ts'
import { undoEntry } from '../../src/overrides/undo.ts'
import { openTestDatabase } from '../helper.ts'
import { contextOfNewJob, seed, type SeedStructure } from '../seed.ts'

const web: SeedStructure = {
  alias: 'Web', key: { column: 'id' },
  columns: [{ name: 'id', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'note', kind: 'tag', type: 'text' }]
}

async function open(t: Parameters<typeof openTestDatabase>[0]) {
  const database = await openTestDatabase(t)
  const { db, pool } = database
  const { id } = await db.insertInto('operators').values({ email: 'a@example.com', name: 'Lin', password_hash: '-' }).returning('id').executeTakeFirstOrThrow()
  const operator = { id, name: 'Lin' }
  const filler = Array.from({ length: 40 }, (_, index) => `f${index},,,`)
  const run = async (rows: string[], whole = false) => (await seed(database, web, ['id,phone,city,note', ...rows, ...(whole ? filler : [])].join('\n'), { whole })).runId
  // Many rows that share nothing come first, so that each run is small beside the whole and takes the incremental way.
  await seed(database, web, ['id,phone,city,note', 'w1,13800000001,Ulm,n1', 'w2,13800000002,Bern,n2', ...filler].join('\n'))
  const noteId = (await getCatalog(db)).sources[0]!.columns.find((column) => column.name === 'note')!.id
  return {
    database, run,
    act: async (user: string, ref: 'city' | 'note', change: Change) => {
      const catalog = await getCatalog(db)
      const { entryId } = await decide(db, catalog, 'UTC', [user], [{ target: targetOf(catalog, ref === 'city' ? 'attribute:city' : `tag:${noteId}`)!, change, policy: 'keep', always: false }], { kind: 'edit', title: 'x', operator })
      return entryId as string
    },
    undo: async (entryId: string) => undoEntry(db, await getCatalog(db), 'UTC', entryId, operator),
    undoRun: async (runId: number) => runUndoRun(await contextOfNewJob(database), { runId, operator }),
    except: async (...values: string[]) => {
      const { id: idType } = await db.selectFrom('id_types').select('id').where('code', '=', 'MOBILE').executeTakeFirstOrThrow()
      return runRemap(await contextOfNewJob(database), { exceptions: values.map((value) => ({ idType, matchKey: md5Key(value), kind: 'exclude' as const })) })
    },
    /** User, city and note of the users that the first rows belong to. */
    shown: async () => {
      const { usersTable, sources } = await getCatalog(db)
      const { rows } = await pool.query(`select u.user_id, u.a5 as city, v.c${noteId} as note from ${usersTable} u left join ${sources[0]!.valuesTable} v on v.user_id = u.user_id where u.user_id < 3 or u.user_id > 42 order by 1`)
      return rows.map((row) => `${row.user_id}: ${row.city}, ${row.note}`)
    }
  }
}

t.test('two people with different hand-set values become one: the later shows, the other stays; split again, each has its own back', async (t) => {
  const { run, act, shown, undoRun, undo } = await open(t)
  await act('2', 'city', { mode: 'set', value: 'hand 2' })
  await act('1', 'city', { mode: 'set', value: 'hand 1' })
  await act('1', 'note', { mode: 'set', value: 'note 1' })
  const note2 = await act('2', 'note', { mode: 'set', value: 'note 2' })
  const joining = await run(['w2,13800000001,Bern,n2'])
  t.same(await shown(), ['1: hand 1, note 2'], 'of each field the later decision')
  await undo(note2)
  t.same(await shown(), ['1: hand 1, note 1'], 'the other one had stayed and shows now')
  const last = await act('1', 'city', { mode: 'set', value: 'hand on both' })
  await run(['w2,13800000009,Bern,n2'])
  t.same(await shown(), ['1: hand on both, note 1', '2: hand 2, n2'])
  await undo(last)
  t.same((await shown())[0], '1: hand 1, note 1')
  await t.rejects(undoRun(joining), { message: /came after this one/ })
})

t.test('undo of the run that joined them gives each their own back, and keeps what was decided since', async (t) => {
  const { run, act, shown, undoRun } = await open(t)
  await act('1', 'city', { mode: 'set', value: 'hand 1' })
  await act('2', 'city', { mode: 'set', value: 'hand 2' })
  const joining = await run(['w2,13800000001,Bern,since', 'w3,13800000001,Rom,newest'])
  t.same(await shown(), ['1: hand 2, newest'])
  await act('1', 'note', { mode: 'set', value: 'on the newest row' })
  await undoRun(joining)
  t.same(await shown(), ['1: hand 1, on the newest row', '2: hand 2, n2'], 'a decision under a row that goes stays with the user it was made for')
  await run(['w3,13800000009,Rom,newest'])
  t.same(await shown(), ['1: hand 1, n1', '2: hand 2, n2', '43: Rom, on the newest row'], 'and comes with the row when that comes as somebody else')
})

t.test('a decision under the number of a removed row goes where the number leads, through a split too', async (t) => {
  const { run, act, shown, undoRun } = await open(t)
  await run(['w2,13800000001,Bern,n2'])
  await act('1', 'note', { mode: 'set', value: 'under row 2' })
  const removing = await run(['w1,13800000001,Ulm,n1'], true)
  t.same(await shown(), ['1: Ulm, under row 2'])
  await run(['w1,13800000001,Ulm,changed'])
  t.same(await shown(), ['1: Ulm, under row 2'], 'imports leave it')
  await t.rejects(undoRun(removing))
  await run(['w2,13800000002,Bern,n2'])
  t.same(await shown(), ['1: Ulm, changed', '2: Bern, under row 2'])
})

t.test('excluding the value that joined them splits them, and taking it back joins them again', async (t) => {
  const { run, act, shown, except } = await open(t)
  await act('2', 'city', { mode: 'set', value: 'hand 2' })
  await run(['w2,13800000001,Bern,n2'])
  await act('1', 'city', { mode: 'set', value: 'hand on both' })
  t.same(await shown(), ['1: hand on both, n2'])
  await except('13800000001')
  t.same(await shown(), ['1: hand on both, n1', '2: hand 2, n2'])
  await except()
  t.same(await shown(), ['1: hand on both, n2'])
})
