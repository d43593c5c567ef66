import type { CatalogSource } from '../catalog/catalog.ts'
import { feeding } from '../projection/effective-sql.ts'
import type { Writer } from '../projection/in-place.ts'
import { currentDecisions } from '../projection/overrides-sql.ts'

/** How many hand-set values stand for what a source imports (its tags, and the attributes it feeds), and how many of them differ from it in another way than when they were set? */
export async function countDecisions({ rows, catalog }: Writer, source: CatalogSource): Promise<{ kept: number; differ: number }> {
  const tags = { sourceId: source.id, fields: source.columns.filter((column) => column.kind === 'tag') }
  const attributes = { sourceId: null, fields: catalog.attributes.filter((attribute) => feeding(source, attribute)) }
  const [counts] = await rows<{ kept: string; differ: string }>(`select count(*) as kept, count(f.override_id) as differ
    from (${[tags, attributes].map((which) => `select id from ${currentDecisions(which, null)} c`).join(' union all ')}) d left join override_drift f on f.override_id = d.id`)
  return { kept: Number(counts?.kept), differ: Number(counts?.differ) }
}
