import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { listAdministrators } from '../operators/queries.ts'
import { listUnseenSources } from './queries/unseen-sources.ts'

/**
 * Tells who brought a source in that no role of theirs shows anything of it, which grant is missing and who can give it; '' where there
 * is no such source. Only who made a source, or imported into it, is told its name.
 */
export async function unseenHint(db: Db, access: Access, catalog: Catalog, operatorId: number): Promise<string> {
  // Every list asks: the database is asked only where there is a source that it hides.
  if (access.everything || catalog.sources.every(({ id }) => access.source(id))) return ''
  const names = await listUnseenSources(db, operatorId, access.sources.map(({ id }) => id))
  if (names.length === 0) return ''
  const givers = new Intl.ListFormat('en', { type: 'disjunction' }).format(await listAdministrators(db))
  return `You brought in ${new Intl.ListFormat('en').format(names.map((name) => `“${name}”`))}, but no role of yours shows anything of ${names.length === 1 ? 'it' : 'them'}: users and tags that are only there do not appear here. What is missing is a grant of columns, under Settings > Roles, on the page Data of a role; ${givers} can give it.`
}
