import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Attribute, Catalog, CatalogAudience, CatalogColumn, CatalogSource, IdType, TagGroup } from './catalog.ts'
import type { ColumnKind, Encryption, ValueType } from './column.ts'

/** Which version of the catalog is published now? Asked by every request, so it reads one row. */
export async function getCatalogVersion(db: Db): Promise<string> {
  return (await db.selectFrom('catalog_state').select('version').executeTakeFirstOrThrow()).version
}

/** Every change of structure and every publication calls this in its own transaction. */
export async function raiseCatalogVersion(db: Db): Promise<void> {
  await db.updateTable('catalog_state').set({ version: sql`version + 1` }).execute()
}

/** The whole catalog in one snapshot-consistent read (call it inside a transaction where that matters). */
export async function getCatalog(db: Db): Promise<Catalog> {
  const state = await db.selectFrom('catalog_state').selectAll().executeTakeFirstOrThrow()
  const sources = await db.selectFrom('sources').selectAll().where('removed_at', 'is', null).orderBy('id').execute()
  const columns = await db.selectFrom('source_columns').selectAll().orderBy('source_id').orderBy('position').execute()
  const attributes = await db.selectFrom('attributes').selectAll().orderBy('position').orderBy('id').execute()
  const idTypes = await db.selectFrom('id_types').selectAll().orderBy('priority').execute()
  const groups = await db.selectFrom('tag_groups').selectAll().orderBy('position').orderBy('name').execute()
  const audiences = await db.selectFrom('audiences').select(['id', 'name', 'owner_id', 'shared', 'group_id', 'members_table', 'before_table', 'size', 'built_at']).orderBy('name').orderBy('id').execute()
  const bySource = Map.groupBy(columns, (column) => column.source_id)
  return {
    version: state.version, usersTable: state.users_table, userCount: Number(state.user_count),
    sources: sources.map((row): CatalogSource => ({
      id: row.id, alias: row.alias, keyColumn: row.key_column, keyIdType: row.key_id_type, updateTimeColumn: row.update_time_column,
      structurePending: row.structure_pending, removing: row.removing,
      rowsTable: row.rows_table, identitiesTable: row.identities_table, valuesTable: row.values_table,
      rowCount: Number(row.row_count), userCount: Number(row.user_count),
      columns: (bySource.get(row.id) ?? []).map(toColumn)
    })),
    attributes: attributes.map((row): Attribute => ({
      id: row.id, code: row.code, name: row.name, type: row.type, choices: row.choices, preset: row.preset, rule: row.rule,
      sourceOrder: row.source_order, description: row.description, filterIndex: row.filter_index, column: `a${row.id}`
    })),
    idTypes: idTypes.map((row): IdType => ({ ...row })),
    tagGroups: inTree(groups, null, []),
    audiences: audiences.map((row): CatalogAudience => ({
      id: row.id, name: row.name, ownerId: row.owner_id, shared: row.shared, groupId: row.group_id, membersTable: row.members_table, beforeTable: row.before_table, size: Number(row.size ?? 0), builtAt: row.built_at
    }))
  }
}

function toColumn(row: {
  id: number; source_id: number; name: string; position: number; kind: string; type: string; delimiter: string | null; id_type: string | null
  encryption: string | null; attribute: string | null; tag_name: string | null; tag_group_id: number | null; description: string | null
  format: string | null; time_zone: string | null; empty_values: string[]; filter_index: boolean
}): CatalogColumn {
  return {
    id: row.id, sourceId: row.source_id, name: row.name, position: row.position, kind: row.kind as ColumnKind, type: row.type as ValueType,
    delimiter: row.delimiter, idType: row.id_type, encryption: row.encryption as Encryption | null, attribute: row.attribute,
    tagName: row.tag_name, tagGroupId: row.tag_group_id, description: row.description, format: row.format, timeZone: row.time_zone,
    emptyValues: row.empty_values, filterIndex: row.filter_index, column: `c${row.id}`
  }
}

/** Each group before those inside it. */
function inTree(groups: readonly { id: number; parent_id: number | null; name: string }[], parentId: number | null, above: string[]): TagGroup[] {
  return groups.filter((group) => group.parent_id === parentId).flatMap((group): TagGroup[] => {
    const path = [...above, group.name]
    return [{ id: group.id, parentId, name: group.name, path }, ...inTree(groups, group.id, path)]
  })
}
