import type { Transaction } from 'kysely'
import type { CatalogSource } from '../catalog/catalog.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Database } from '../db/database.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { withGroups } from './find-or-add-group.ts'
import { deleteColumns, insertColumns, setSourceKey, type FileFormat } from './queries.ts'
import type { Structure } from './structure.ts'

/** Gives a source that no run has filled yet another structure, its key included. */
export async function replaceStructure(trx: Transaction<Database>, source: CatalogSource, structure: Structure, format: FileFormat, operator: { id: number; name: string } | null): Promise<void> {
  if (source.rowsTable !== null) throw new Error('a source with rows keeps its key')
  await deleteColumns(trx, source.id)
  await setSourceKey(trx, source.id, { ...structure, format })
  await insertColumns(trx, source.id, await withGroups(trx, structure.columns))
  await insertHistory(trx, { kind: 'structure', title: `Structure of ${source.alias} replaced before its first run`, operator, sourceId: source.id, items: changesOf(source, structure) })
  await raiseCatalogVersion(trx)
}

/** How each column was described before and is now; null where it is not there. */
function changesOf(source: CatalogSource, structure: Structure): ActItem[] {
  const before = new Map(source.columns.map(({ name, kind, type, idType, attribute, tagName }) => [name, { name, kind, type, idType, attribute, tagName }]))
  const after = new Map(structure.columns.map((column) => [column.name, column]))
  return [...new Set([...before.keys(), ...after.keys()])].map((name) => ({ table: source.alias, column: name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
}
