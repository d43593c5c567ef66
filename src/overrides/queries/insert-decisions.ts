import type { Writer } from '../../projection/in-place.ts'
import { importedSelect } from '../../projection/imported-sql.ts'
import { currentDecisions, fromStored, toStored } from '../../projection/overrides-sql.ts'
import type { OverridePolicy } from '../../db/database.ts'
import { decidedBy, fieldOf, type Stored, type Target } from '../../catalog/target.ts'

/** What is decided: a value, values added to or removed from those of a multi-value tag, or that the source says it again. */
export type Change = { mode: 'set'; value: Stored } | { mode: 'add' | 'remove'; value: string[] } | { mode: 'return' }

export interface Decision {
  target: Target
  change: Change
  policy: OverridePolicy
  /** A tagging records value and policy even where the value is the same already; an edit then records nothing. */
  always: boolean
}

/** Who decides, and the history entry of the act. */
export interface Act { entryId: string; operatorId: number | null }

/**
 * Records a decision for every user of the table `scope`, in the order of their IDs: of two decisions of one act that meet in
 * one user later, that of the greater ID is the later one. Answers for how many users. The projection still
 * shows what was before.
 */
export async function insertDecisions(writer: Writer, scope: string, decision: Decision, act: Act): Promise<number> {
  return decision.change.mode === 'return' ? insertReturns(writer, scope, currentDecisions(decidedBy(decision.target), scope), decision, act) : insertValues(writer, scope, decision, act)
}

async function insertValues(writer: Writer, scope: string, { target, change, policy, always }: Decision, act: Act): Promise<number> {
  const field = fieldOf(writer.catalog, target)
  const value = change.mode === 'return' ? null : change.value
  return writer.run(`
    insert into overrides (row_number, source_id, column_id, attribute_id, type, value, policy, operator_id, entry_id, source_value, former)
    select row_number, ${identity(target)}, '${field.type}', value, '${policy}', $2::int, $3::bigint, source_value, former from (
      select n.user_id, n.row_number, n.source_value, n.former, ${newValue(field.type, change.mode)} as value from (${beforeSelect(writer, `(select s.user_id from ${scope} s join ${writer.catalog.usersTable} p on p.user_id = s.user_id)`, target)}) n
    ) d ${always ? '' : 'where value is distinct from former'} order by user_id`, [value === null ? null : JSON.stringify(value), act.operatorId, act.entryId])
}

function identity(target: Target): string {
  return target.attribute ? `null::int, null::int, ${target.attribute.id}` : `${target.source.id}, ${target.column.id}, null::int`
}

/** SQL over `n.shown` (typed) and $1 (stored): the value after a change, as it is stored. */
export function newValue(type: string, mode: Change['mode']): string {
  const field = { type } as { type: 'text' }
  const given = fromStored(field, '$1::jsonb')
  if (mode === 'add') return `to_jsonb(coalesce(n.shown, '{}') || array(select one from unnest(${given}) with ordinality g (one, at) where one <> all (coalesce(n.shown, '{}')) order by at))`
  if (mode === 'remove') return toStored(field, `array(select one from unnest(n.shown) with ordinality g (one, at) where one <> all (${given}) order by at)`)
  return toStored(field, `(${given})`)
}

/**
 * SQL (user_id, row_number, source_value, former, shown): where a decision about the target is kept for each user of the
 * scope, a table of users or a subselect of one, what the sources say, and what is shown now.
 */
function beforeSelect({ catalog }: Pick<Writer, 'catalog'>, scope: string, target: Target): string {
  const field = fieldOf(catalog, target)
  const shown = `v.${field.column}`
  return `select u.user_id, coalesce(i.row_number, u.user_id) as row_number, ${toStored(field, 'i.value')} as source_value, ${toStored(field, shown)} as former, ${shown} as shown
    from ${scope} u left join (${importedSelect(catalog, scope, target)}) i on i.user_id = u.user_id left join ${field.table} v on v.user_id = u.user_id`
}

export interface Outcome { users: number; changed: number; /** Table (user_id, value): what those show from now on who show something else. */ next: string }

/** Records a decision for the many users of the table `scope`, all of them known, whatever they show already; the projection shows it when `next` is written into it. */
export async function insertMany(writer: Writer, scope: string, decision: Decision, act: Act): Promise<Outcome> {
  const users = decision.change.mode === 'return' ? await returnMany(writer, scope, decision, act) : await setMany(writer, scope, decision, decision.change, act)
  await writer.run('analyze next_field (user_id)')
  const [found] = await writer.rows<{ changed: string }>('select count(*) as changed from next_field')
  return { users, changed: Number(found?.changed), next: 'next_field' }
}

async function setMany(writer: Writer, scope: string, { target, policy }: Decision, change: Exclude<Change, { mode: 'return' }>, act: Act): Promise<number> {
  const field = fieldOf(writer.catalog, target)
  // 2.50 is not shown as 2.5, though both are equal.
  const shown = field.type === 'number' ? 'shown::text' : 'former'
  const next = field.type === 'number' ? `(${fromStored(field, 'd.value')})::text` : 'd.value'
  await writer.run(`create temp table decided on commit drop as
    select n.user_id, n.row_number, n.source_value, n.former, n.${shown} as shown, ${newValue(field.type, change.mode)} as value from (${beforeSelect(writer, scope, target)}) n`, [change.value === null ? null : JSON.stringify(change.value)])
  const users = await writer.run(`
    insert into overrides (row_number, source_id, column_id, attribute_id, type, value, policy, operator_id, entry_id, source_value, former)
    select row_number, ${identity(target)}, '${field.type}', value, '${policy}', $1::int, $2::bigint, source_value, former from decided order by user_id`, [act.operatorId, act.entryId])
  await writer.run(`create temp table next_field on commit drop as select d.user_id, ${fromStored(field, 'd.value')} as value from decided d where ${next} is distinct from d.shown`)
  return users
}

async function returnMany(writer: Writer, scope: string, decision: Decision, act: Act): Promise<number> {
  const field = fieldOf(writer.catalog, decision.target)
  const current = `(select c.* from ${currentDecisions(decidedBy(decision.target), null)} c join ${scope} s on s.user_id = c.user_id)`
  const users = await insertReturns(writer, scope, current, decision, act)
  await writer.run(`create temp table returned on commit drop as select distinct user_of(row_number) as user_id from overrides where entry_id = $1 and user_of(row_number) is not null`, [act.entryId])
  await writer.run('analyze returned')
  await writer.run(`create temp table next_field on commit drop as select r.user_id, i.value from returned r
    left join (${importedSelect(writer.catalog, 'returned', decision.target)}) i on i.user_id = r.user_id left join ${field.table} v on v.user_id = r.user_id where i.value is distinct from v.${field.column}`)
  return users
}

/** Ends every decision about the target that these users hold, those of the select `current`, by a later one that says so. */
async function insertReturns(writer: Writer, scope: string, current: string, { target }: Decision, act: Act): Promise<number> {
  const { catalog } = writer
  const field = fieldOf(catalog, target)
  const [found] = await writer.rows<{ users: string }>(`
    with ended as (
      insert into overrides (row_number, source_id, column_id, attribute_id, type, value, policy, operator_id, entry_id, source_value, former)
      select c.row_number, ${identity(target)}, '${field.type}', null, 'source', $1::int, $2::bigint, ${toStored(field, 'i.value')}, ${toStored(field, `v.${field.column}`)}
      from ${current} c left join (${importedSelect(catalog, scope, target)}) i on i.user_id = c.user_id left join ${field.table} v on v.user_id = c.user_id returning row_number)
    select count(distinct user_of(row_number)) as users from ended`, [act.operatorId, act.entryId])
  return Number(found?.users ?? 0)
}

/** For how many users did an entry decide? One may stand under several row numbers, as its fields are of several sources. For acts on few users. */
export async function countDecided(writer: Writer, entryId: string): Promise<number> {
  const [found] = await writer.rows<{ users: string }>('select count(distinct coalesce(user_of(row_number), row_number)) as users from overrides where entry_id = $1', [entryId])
  return Number(found?.users ?? 0)
}
