import type { CatalogSource } from '../catalog/catalog.ts'
import { attributeById, decidedBy, fieldOf, tagTarget, type Target } from '../catalog/target.ts'
import { importedSelect } from './imported-sql.ts'
import type { Writer } from './in-place.ts'
import { givesValue, standingDecisions, toStored } from './overrides-sql.ts'

/**
 * Notes which decisions differ from their source now in another way than when they were made: the source has changed
 * since. Also of those that a later one hides: it may be undone. For the tags of one source, or for attributes where it is null; `scope` is a table of users, null for everybody.
 */
export async function markDrift(writer: Writer, source: CatalogSource | null, scope: string | null): Promise<void> {
  for (const target of await listDecidedTargets(writer, source)) await markTarget(writer, target, scope)
}

/** Fields of a source (or attributes) that anybody decided about, as far as they are still there. */
async function listDecidedTargets({ rows, catalog }: Writer, source: CatalogSource | null): Promise<Target[]> {
  const ids = source ? source.columns.filter((column) => column.kind === 'tag').map((column) => column.id) : catalog.attributes.map((attribute) => attribute.id)
  const column = source ? 'column_id' : 'attribute_id'
  const found = await rows<{ id: number }>(`select wanted.id from unnest($1::int[]) wanted (id) where exists (select from overrides o where o.${column} = wanted.id and o.undone_by is null)`, [ids])
  return found.flatMap(({ id }) => (source ? tagTarget({ sources: [{ ...source, valuesTable: source.valuesTable ?? '' }] }, id) : attributeById(catalog, id)) ?? [])
}

async function markTarget({ run, catalog }: Writer, target: Target, scope: string | null): Promise<void> {
  const field = fieldOf(catalog, target)
  const which = decidedBy(target)
  await run(`create temp table drifting on commit drop as select id, user_id, source_value from ${standingDecisions(which, scope)} d where ${givesValue}`)
  await run('analyze drifting')
  await run(`delete from override_drift f using drifting d where d.id = f.override_id`)
  await run(`insert into override_drift select d.id from drifting d left join (${importedSelect(catalog, '(select distinct user_id from drifting)', target)}) i on i.user_id = d.user_id
    where ${toStored(field, 'i.value')} is distinct from d.source_value`)
  await run('drop table drifting')
}
