import type { GrantLevel } from '../access/grants.ts'
import { listRoles } from '../access/queries.ts'
import { getCatalog } from '../catalog/queries.ts'
import type { Db } from '../db/database.ts'
import { seenOf } from '../roles/role-state.ts'
import { grantedKinds, saveAttributes, saveColumns } from '../roles/save-grants.ts'

/** Lets the demo's Analyst see what a colleague would: tags and attributes in full, IDs masked, also those that come later. What somebody granted already stays. */
export async function grantAnalyst(db: Db, operator: { id: number; name: string } | null): Promise<void> {
  const role = (await listRoles(db)).find(({ name, administrator }) => name === 'Analyst' && !administrator)
  if (!operator || !role) return
  const { sources, attributes } = await getCatalog(db)
  for (const source of sources) {
    if (role.grants.sources.has(source.id)) continue
    const columns = source.columns.filter((column) => grantedKinds.includes(column.kind))
    const levels = new Map(columns.map((column): [number, GrantLevel] => [column.id, column.kind === 'id' ? 'masked' : 'full']))
    const granted = { ...source, columns }
    await saveColumns(db, role.id, granted, { levels, otherwise: 'masked', seen: seenOf.source(role, granted) }, operator)
  }
  if ([...role.grants.attributes.values()].some((level) => level !== 'hidden')) return
  const codes = attributes.map(({ code }) => code)
  await saveAttributes(db, role.id, codes, { levels: new Map(codes.map((code) => [code, 'full'])), seen: seenOf.attributes(role, codes) }, operator)
}
