import type { Access } from '../access/access.ts'
import type { CatalogSource } from '../catalog/catalog.ts'
import type { Condition } from '../catalog/condition.ts'
import { problemOfRows } from '../conditions/check-condition.ts'
import type { Db } from '../db/database.ts'
import { Invalid, NotAllowed } from '../problem.ts'
import { changeRole, type Actor } from './change-role.ts'
import { sayRows } from './grant-items.ts'
import { refuseExcess } from './own.ts'
import { setRowCondition } from './queries.ts'
import { refuseStale, seenOf } from './role-state.ts'

/** Sets which rows of a source a role sees; null is all of them. `access` is what the operator sees of that source alone. Answers whether anything changed. */
export async function saveRows(db: Db, id: number, source: Pick<CatalogSource, 'id' | 'alias'>, access: Access, wanted: { condition: Condition | null; seen: string }, operator: Actor): Promise<boolean> {
  return changeRole(db, id, operator, async ({ trx, own, catalog, record }, role) => {
    refuseStale(wanted.seen, seenOf.rows(role, source.id))
    const grant = role.grants.sources.get(source.id)
    const before = grant?.rowCondition ?? null
    if (JSON.stringify(before) === JSON.stringify(wanted.condition)) return false
    if (before && !own.administrator && problemOfRows(access, before)) throw new NotAllowed('The condition that stands there speaks of data that you do not see. Only an administrator can change it.')
    const problem = wanted.condition && problemOfRows(access, wanted.condition)
    if (problem) throw new Invalid(problem)
    const after = { otherwise: grant?.otherwise ?? 'hidden' as const, columns: grant?.columns ?? new Map(), rowCondition: wanted.condition }
    refuseExcess(own, role, { permissions: role.permissions, grants: { attributes: role.grants.attributes, sources: new Map([...role.grants.sources, [source.id, after]]) } }, catalog)
    await setRowCondition(trx, id, source.id, wanted.condition)
    await record(`Role ${role.name}, rows of ${source.alias} changed`, [{ table: 'row_conditions', column: 'rows', before: sayRows(access, before) ?? 'all', after: sayRows(access, wanted.condition) ?? 'all' }], source.id)
    return true
  })
}
