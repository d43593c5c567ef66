import type { CatalogSource } from '../catalog/catalog.ts'
import { digestSql, useErasureKey } from '../identities/erased-values.ts'
import { identityColumns, matchKeySql } from '../identities/match-keys.ts'
import type { Work } from '../jobs/work.ts'
import { cleanSql } from './cell-sql.ts'
import { keySql } from './check-rows.ts'
import type { Stage } from './stage.ts'

/**
 * Takes the rows of erased people out of staging: those with a source key of theirs, and those with an identifying value
 * that was theirs alone. They are no rejected rows, which would keep what they hold. Answers how many. Values under AES are
 * known by the source key only.
 */
export async function leaveErased(work: Work, source: CatalogSource, stage: Stage): Promise<number> {
  const scopes = await work.rows<{ kind: 'key' | 'id'; scope: number }>('select distinct v.kind, v.scope from erased_values v join erasures e on e.id = v.erasure_id where e.lifted_at is null')
  if (scopes.length === 0) return 0
  const matters = (kind: 'key' | 'id', scope: number) => scopes.some((one) => one.kind === kind && one.scope === scope)
  const known = (kind: 'key' | 'id', scope: number, text: string) => `exists (select from erased_values v join erasures e on e.id = v.erasure_id where e.lifted_at is null and v.kind = '${kind}' and v.scope = ${scope} and v.digest = ${digestSql(text)})`
  const tests = matters('key', source.id) ? [known('key', source.id, keySql(source, stage, 's.'))] : []
  for (const { column, type } of identityColumns(source, work.catalog.idTypes)) {
    if (!stage.has(column.name) || column.encryption === 'aes' || !matters('id', type.id)) continue
    const cell = cleanSql(column, `s.${stage.column(column.name)}`, stage.traits(column.name))
    tests.push(`coalesce(${known('id', type.id, `(${matchKeySql(column, `(${cell})`)})::text`)}, false)`)
  }
  if (tests.length === 0) return 0
  await useErasureKey(work)
  return work.run(`delete from ${stage.table} s where ${tests.join(' or ')}`)
}
