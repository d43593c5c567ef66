import fc from 'fast-check'
import { sql } from 'kysely'
import { getCatalog } from '../../src/catalog/queries.ts'
import { targetOf, type Target } from '../../src/catalog/target.ts'
import { runRemap } from '../../src/identities/run-remap.ts'
import { md5Key } from '../../src/identities/normalise.ts'
import { runUndoRun } from '../../src/imports/run-undo.ts'
import { JobStopped } from '../../src/jobs/job.ts'
import { insertJob, setJobStarted } from '../../src/jobs/queries.ts'
import { decide } from '../../src/overrides/decide.ts'
import type { Change } from '../../src/overrides/queries/insert-decisions.ts'
import { insertSelection } from '../../src/overrides/queries/selections.ts'
import { runBatch } from '../../src/overrides/run-batch.ts'
import { runUndo, undoEntry } from '../../src/overrides/undo.ts'
import { runReproject } from '../../src/projection/run-reproject.ts'
import type { TestDatabase } from '../helper.ts'
import { quietContext, seed, type SeedStructure } from '../seed.ts'
import { makeAdministrator } from '../role.ts'
import { attributes, isAttribute, Model, same, tags, type Decision, type Field, type FieldName, type Policy, type Row, type Value } from './model.ts'

const zone = 'Asia/Shanghai'
const operator = { id: 1, name: 'Lin Yating' }
const columns = (key: string): SeedStructure['columns'] => [
  { name: 'key', kind: 'id', type: 'text', idType: key }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' },
  { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|' }, { name: 'note', kind: 'tag', type: 'text' }, { name: 'count', kind: 'tag', type: 'number' }
]
const sources: SeedStructure[] = ['ONEID', 'UNION_ID'].map((type, index) => ({ alias: `Source ${index}`, key: { column: 'key', idType: type }, columns: columns(type) }))
const mobiles = ['13800000001', '13800000002', '13800000003']

const row = fc.record({
  key: fc.integer({ min: 1, max: 5 }), mobile: fc.constantFrom('', ...mobiles), name: fc.constantFrom('', 'Ann', 'Bob'), city: fc.constantFrom('', 'Ulm', 'Bern'),
  likes: fc.constantFrom('', 'a', 'a|b'), note: fc.constantFrom('', 'x', 'y'), count: fc.constantFrom('', '1', '2.50')
})
const who = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 })
const policy = fc.constantFrom<Policy>('keep', 'until_import')
const source = fc.integer({ min: 0, max: 1 })
const listed = fc.subarray(['a', 'b', 'c'], { minLength: 1 })
const change = fc.oneof(
  fc.record({ column: fc.constant<Field>('note'), mode: fc.constant('set' as const), value: fc.constantFrom<Value>('x', 'hand', null) }),
  fc.record({ column: fc.constant<Field>('count'), mode: fc.constant('set' as const), value: fc.constantFrom<Value>('2.5', '7', null) }),
  fc.record({ column: fc.constant<Field>('likes'), mode: fc.constantFrom('set' as const, 'add' as const, 'remove' as const), value: listed })
)
const editing = fc.constantFrom<[Field, Value]>(['name', 'Ann'], ['name', 'Cid'], ['city', 'Rom'], ['city', null], ['note', 'hand'], ['note', null], ['count', '9'])

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('import' as const), source, whole: fc.boolean(), rows: fc.uniqueArray(row, { selector: (one) => one.key, minLength: 1, maxLength: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('edit' as const), source, who: fc.integer({ min: 0, max: 9 }), editing }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('tag' as const), source, who, change }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('batch' as const), source, who, change, policy, job: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('return' as const), source, who, column: fc.constantFrom<Field>('name', 'city', 'likes', 'note') }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('undo' as const), which: fc.integer({ min: 0, max: 20 }), job: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('undo_run' as const), source }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('exclude' as const), mobiles: fc.subarray(mobiles) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('id_type' as const), mapping: fc.boolean() }) }
)
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Something to decide about first, then anything. */
export const steps = fc.tuple(
  fc.record({ act: fc.constant('import' as const), source: fc.constant(0), whole: fc.constant(false), rows: fc.uniqueArray(row, { selector: (one) => one.key, minLength: 3, maxLength: 5 }) }), fc.array(step, { minLength: 3, maxLength: 14 })
).map(([first, rest]): Step[] => [first, ...rest])

/** The product and the model of it, taken through the same steps. */
export class World {
  readonly model = new Model()
  readonly database: TestDatabase
  readonly #entries: string[] = []
  readonly #keys = new Map<string, string>()
  #run = 0

  private constructor(database: TestDatabase) { this.database = database }

  static async open(database: TestDatabase): Promise<World> {
    await makeAdministrator(database.db, operator.name)
    return new World(database)
  }

  async take(action: Step): Promise<void> {
    const users = await this.#users()
    const chosen = (indices: number[]) => [...new Set(indices.flatMap((index) => users[index % Math.max(1, users.length)] ?? []))]
    const field = (column: Field, from: number): FieldName => (attributes.includes(column) ? column : `${from}.${column}`)
    if (action.act === 'import') await this.#import(action)
    else if (action.act === 'edit') await this.#decide('edit', chosen([action.who]), field(action.editing[0], action.source), { mode: 'set', value: action.editing[1] }, 'keep', false)
    else if (action.act === 'tag') await this.#decide('tag', chosen(action.who), field(action.change.column, action.source), action.change as Change, 'keep', true)
    else if (action.act === 'batch') await this.#decide(action.job ? 'job' : 'batch', chosen(action.who), field(action.change.column, action.source), action.change as Change, action.policy, true)
    else if (action.act === 'return') await this.#decide('return', chosen(action.who), field(action.column, action.source), { mode: 'return' }, 'keep', true)
    else if (action.act === 'undo') await this.#undo(action.which, action.job)
    else if (action.act === 'undo_run') await this.#undoRun(action.source)
    else await this.#remap(action)
    await this.#readHolders()
  }

  async #users(): Promise<string[]> {
    const { usersTable } = await getCatalog(this.database.db)
    return (await this.database.pool.query(`select user_id from ${usersTable} order by user_id`)).rows.map((one) => one.user_id as string)
  }

  async #import({ source: from, whole, rows }: Extract<Step, { act: 'import' }>): Promise<void> {
    const { model } = this
    const before = { rows: model.rows.filter((one) => one.source === from), texts: new Map(this.#texts) }
    const { runId } = await seed(this.database, sources[from] as SeedStructure, ['key,mobile,name,city,likes,note,count', ...rows.map((one) => Object.values(one).join(','))].join('\n'), { whole })
    await this.#readHolders()
    const time = ++this.#run
    if (whole) model.rows = model.rows.filter((one) => one.source !== from || rows.some((kept) => this.#keys.get(`${from} ${kept.key}`) === one.number))
    for (const one of rows) {
      const number = this.#keys.get(`${from} ${one.key}`) as string
      const cells: Row['cells'] = { name: one.name || null, city: one.city || null, likes: one.likes ? one.likes.split('|') : null, note: one.note || null, count: one.count ? String(Number(one.count)) : null }
      const text = JSON.stringify(one)
      const held = model.rows.find((other) => other.number === number)
      if (held && this.#texts.get(number) === text) continue
      this.#texts.set(number, text)
      const cellTimes = Object.fromEntries(attributes.map((column) => [column, held && same(held.cells[column], cells[column]) ? held.cellTimes[column] : time])) as Row['cellTimes']
      model.rows = [...model.rows.filter((other) => other.number !== number), { source: from, number, cells, rowTime: time, cellTimes }]
    }
    const ended = model.endDecisions(from, new Set(rows.map((one) => this.#keys.get(`${from} ${one.key}`) as string)))
    this.#lastRuns[from] = { runId, ...before, ended, undone: false }
  }

  readonly #lastRuns: { runId: number; rows: Row[]; texts: Map<string, string>; ended: Decision[]; undone: boolean }[] = []

  /** The last run of a source once; a second time it is refused, and changes nothing. */
  async #undoRun(from: number): Promise<void> {
    const last = this.#lastRuns[from]
    if (!last) return
    const undoing = this.#job((jobId) => runUndoRun(quietContext(this.database, jobId), { runId: last.runId, operator })).then(() => true, (error: unknown) => { if (error instanceof JobStopped) return false; throw error })
    if ((await undoing) === last.undone) throw new Error(`undo of run ${last.runId} was ${last.undone ? 'done twice' : 'refused'}`)
    if (last.undone) return
    last.undone = true
    for (const row of last.rows) this.#texts.set(row.number, last.texts.get(row.number) as string)
    this.model.undoRun(from, last.rows, last.ended)
  }

  readonly #texts = new Map<string, string>()

  async #decide(how: 'edit' | 'tag' | 'batch' | 'job' | 'return', users: string[], name: FieldName, change: Change, policy: Policy, always: boolean): Promise<void> {
    const catalog = await getCatalog(this.database.db)
    const target = await this.#target(name)
    if (!target || users.length === 0) return
    const { db } = this.database
    let entry: string | null
    if (how === 'job') {
      const { id } = await db.transaction().execute((trx) => insertSelection(trx, { operatorId: operator.id, query: null }, sql`select unnest(${users}::bigint[]) as user_id`))
      const ref = isAttribute(name) ? `attribute:${name}` : `tag:${target.column?.id}`
      entry = (await this.#job((jobId) => runBatch(quietContext(this.database, jobId), { selectionId: id, ref, change, policy, operator, kind: 'batch', title: 'a batch' })) as { entryId: string }).entryId
    } else {
      entry = (await decide(db, catalog, zone, users, [{ target, change, policy, always }], { kind: how, title: 'an act', operator })).entryId
    }
    if (entry !== null) this.#entries.push(entry)
    this.model.decide(users, name, { mode: change.mode, value: change.mode === 'return' ? null : change.value }, policy, always, entry ?? 'none')
  }

  async #job(work: (jobId: number) => Promise<unknown>): Promise<unknown> {
    const jobId = await insertJob(this.database.db, { kind: 'test', title: 'test', payload: {}, operatorId: null })
    await setJobStarted(this.database.db, jobId)
    return work(jobId)
  }

  async #target(name: FieldName): Promise<Target | undefined> {
    const catalog = await getCatalog(this.database.db)
    if (isAttribute(name)) return targetOf(catalog, `attribute:${name}`)
    const [from, column] = name.split('.')
    const found = catalog.sources.find((one) => one.alias === `Source ${from}` && one.valuesTable)?.columns.find((one) => one.name === column)
    return found && targetOf(catalog, `tag:${found.id}`)
  }

  async #undo(which: number, job: boolean): Promise<void> {
    const [entry] = this.#entries.splice(which % Math.max(1, this.#entries.length), 1)
    if (entry === undefined) return
    // Where nothing can be put back, the job stops and says so.
    if (job) await this.#job((jobId) => runUndo(quietContext(this.database, jobId), { entryId: entry, operator })).catch((error: unknown) => { if (!(error instanceof JobStopped)) throw error })
    else await undoEntry(this.database.db, await getCatalog(this.database.db), zone, entry, operator)
    this.model.undo(entry)
  }

  async #remap(action: Extract<Step, { act: 'exclude' | 'id_type' }>): Promise<void> {
    const { idTypes } = await getCatalog(this.database.db)
    const mobile = idTypes.find((type) => type.code === 'MOBILE')?.id as number
    await this.#job((jobId) => runRemap(quietContext(this.database, jobId), action.act === 'exclude'
      ? { exceptions: action.mobiles.map((value) => ({ idType: mobile, matchKey: md5Key(value), kind: 'exclude' as const })) }
      : { idTypes: idTypes.map((type) => (type.code === 'MOBILE' ? { ...type, mapping: action.mapping } : type)) }))
  }

  /** Who holds a row number, as layer 2 says it. */
  async #readHolders(): Promise<void> {
    const { sources: known } = await getCatalog(this.database.db)
    const numbers = known.flatMap((one) => (one.rowsTable ? [`select ${Number(one.alias.split(' ')[1])} as source, source_key, row_number from ${one.rowsTable}`] : []))
    const removed = 'select (select right(alias, 1)::int from sources s where s.id = r.source_id) as source, source_key, row_number from removed_rows r'
    const { rows } = await this.database.pool.query(`select source, source_key, row_number, user_of(row_number) as holder from (${[...numbers, removed].join(' union all ')}) n`)
    this.model.holders = new Map(rows.flatMap((one) => (one.holder === null ? [] : [[one.row_number, one.holder]])))
    for (const one of rows) this.#keys.set(`${one.source} ${one.source_key}`, one.row_number)
  }

  /** What pages show of everybody, and what the model says. */
  async compare(): Promise<{ shown: unknown; expected: unknown }> {
    const shown: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    const users = await this.#users()
    const catalog = await getCatalog(this.database.db)
    for (const name of [...attributes, ...[0, 1].flatMap((from) => tags.map((tag) => `${from}.${tag}`))]) {
      const target = await this.#target(name)
      if (!target) continue
      const [table, column] = target.attribute ? [catalog.usersTable, target.attribute.column] : [target.source.valuesTable, target.column.column]
      const { rows } = await this.database.pool.query(`select user_id, ${column === target.column?.column && target.column.type === 'number' ? `trim_scale(${column})::text` : column} as value from ${table}`)
      const values = new Map(rows.map((one) => [one.user_id as string, one.value as Value]))
      for (const user of users) {
        shown[`${user} ${name}`] = values.get(user) ?? null
        expected[`${user} ${name}`] = this.model.effective(user, name)
      }
    }
    const living = [...new Set(this.model.rows.map((one) => this.model.holders.get(one.number)))].toSorted((a, b) => Number(a) - Number(b))
    return { shown: { users, ...shown }, expected: { users: living, ...expected } }
  }

  async drift(): Promise<string[]> {
    // A decision of somebody who is gone keeps its mark: no page shows either, and it is marked anew when its row comes back.
    const { rows } = await this.database.pool.query('select o.row_number, o.value from override_drift f join overrides o on o.id = f.override_id left join sources s on s.id = o.source_id where o.undone_by is null and o.ended_by_run is null and user_of(o.row_number) is not null and (o.source_id is null or s.rows_table is not null)')
    return rows.map((one) => `${one.row_number} ${JSON.stringify(one.value)}`).toSorted()
  }

  expectedDrift(): string[] {
    // The tags of a source that nothing is imported into are shown nowhere, and marked when it is.
    const shown = (field: FieldName) => isAttribute(field) || this.model.rows.some((row) => `${row.source}` === field.split('.')[0])
    return this.model.decisions.filter((one) => !one.undone && !one.ended && one.policy !== 'source' && shown(one.field)).filter((one) => { const user = this.model.holders.get(one.row); return user !== undefined && !same(this.model.imported(user, one.field), one.sourceValue) }).map((one) => `${one.row} ${JSON.stringify(one.value)}`).toSorted()
  }

  async projection(): Promise<unknown> {
    const { usersTable, sources: known } = await getCatalog(this.database.db)
    const all = async (table: string) => (await this.database.pool.query(`select * from ${table} order by user_id`)).rows
    return { users: await all(usersTable), values: await Promise.all(known.flatMap((one) => (one.valuesTable ? [all(one.valuesTable)] : []))) }
  }

  /** Answers what the repair command found different. */
  async rebuild(): Promise<unknown> {
    return (await this.#job((jobId) => runReproject(quietContext(this.database, jobId), { compare: true })) as { differences: unknown[] }).differences
  }
}
