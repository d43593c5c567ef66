import type { Transaction } from 'kysely'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Database } from '../db/database.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { Invalid } from '../problem.ts'
import { withGroups } from './find-or-add-group.ts'
import { insertColumns, insertSource, isAliasTaken, type FileFormat } from './queries.ts'
import type { Structure } from './structure.ts'

// Two people may choose the same name at the same moment.
const uniqueViolation = '23505'

/** Makes a source of a checked structure and answers its id. It is empty until its first run is done. */
export async function saveStructure(trx: Transaction<Database>, structure: Structure, format: FileFormat, operator: { id: number; name: string } | null): Promise<number> {
  if (await isAliasTaken(trx, structure.alias)) throw aliasTaken(structure.alias)
  const sourceId = await insertSource(trx, {
    alias: structure.alias, keyColumn: structure.keyColumn, keyIdType: structure.keyIdType, updateTimeColumn: structure.updateTimeColumn, format, operatorId: operator?.id ?? null
  }).catch((error: { code?: string }) => { throw error.code === uniqueViolation ? aliasTaken(structure.alias) : error })
  await insertColumns(trx, sourceId, await withGroups(trx, structure.columns))
  await insertHistory(trx, { kind: 'structure', title: `Source ${structure.alias} made`, operator, sourceId, items: structure.columns.filter((column) => column.kind !== 'ignore').map((column): ActItem => ({ table: structure.alias, column: column.name, before: null, after: column })) })
  await raiseCatalogVersion(trx)
  return sourceId
}

export function aliasTaken(alias: string): Invalid {
  return new Invalid('The source cannot be made.', { alias: `There is a source “${alias}” already. Choose another name, or import the file into that source from its own page.` })
}
