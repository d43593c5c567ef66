import type { CatalogColumn, CatalogSource } from '../catalog/catalog.ts'
import type { ColumnSpec } from '../catalog/column.ts'
import { JobStopped } from '../jobs/job.ts'
import type { Work } from '../jobs/work.ts'

/**
 * The structure a run reads with: the published one, with the edits that wait for it. The same object as `former` where
 * nothing waits, so that a comparison tells. Throws JobStopped where the file lacks a column that is imported.
 */
export async function planStructure(work: Work, former: CatalogSource, names: string[], what: 'file' | 'table' = 'file'): Promise<{ source: CatalogSource; changed: boolean }> {
  const waiting = await work.rows<{ id: number; pending: Partial<ColumnSpec> }>('select id, pending from source_columns where source_id = $1 and pending is not null', [former.id])
  const changed = waiting.length > 0
  const source = changed ? { ...former, columns: former.columns.map((column) => applied(column, waiting.find((one) => one.id === column.id)?.pending)) } : former
  const present = new Set(names)
  const missing = neededColumns(source).filter((column) => !present.has(column.name)).map((column) => `“${column.name}”`)
  if (missing.length) {
    throw new JobStopped(`The ${what} has no column ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}. Nothing was changed. Import a ${what} with all columns of this source, or switch the import of that column off on its structure page.`)
  }
  return { source, changed }
}

/** What a run reads of a file. */
export function neededColumns(source: CatalogSource): CatalogColumn[] {
  return source.columns.filter((column) => column.kind !== 'ignore' || column.name === source.keyColumn || column.name === source.updateTimeColumn)
}

function applied(column: CatalogColumn, pending: Partial<ColumnSpec> | undefined): CatalogColumn {
  if (!pending) return column
  return {
    ...column, kind: pending.kind ?? column.kind, type: pending.type ?? column.type, delimiter: pending.delimiter ?? null, idType: pending.idType ?? null,
    encryption: pending.encryption ?? null, attribute: pending.attribute ?? null, format: pending.format ?? null, timeZone: pending.timeZone ?? null, emptyValues: pending.emptyValues ?? []
  }
}

/** Records what the run applied; an edit made meanwhile goes on waiting. */
export async function applyStructure(work: Work, source: CatalogSource): Promise<void> {
  for (const column of source.columns) {
    await work.run(`update source_columns set kind = $2, type = $3, delimiter = $4, id_type = $5, encryption = $6, attribute = $7, format = $8, time_zone = $9, empty_values = $10,
        pending = case when pending is null or (pending ->> 'kind', coalesce(pending ->> 'type', '')) = ($2, $3) and coalesce(pending ->> 'idType', '') = coalesce($5, '') and coalesce(pending ->> 'attribute', '') = coalesce($7, '')
          and coalesce(pending ->> 'delimiter', '') = coalesce($4, '') and coalesce(pending ->> 'encryption', '') = coalesce($6, '') and coalesce(pending ->> 'format', '') = coalesce($8, '') then null else pending end
      where id = $1`, [column.id, column.kind, column.type, column.delimiter, column.idType, column.encryption, column.attribute, column.format, column.timeZone, column.emptyValues])
  }
  await work.run('update sources set structure_pending = exists (select from source_columns c where c.source_id = sources.id and c.pending is not null) where id = $1', [source.id])
}

/** Columns that appeared in the file: kept as ignored, so that they can be switched on. */
export async function addNewColumns(work: Work, source: CatalogSource, names: string[]): Promise<void> {
  const known = new Set(source.columns.map((column) => column.name))
  const position = Math.max(0, ...source.columns.map((column) => column.position))
  const fresh = names.filter((name) => !known.has(name))
  await work.run(`insert into source_columns (source_id, position, name, kind, type) select $1, $2 + n, name, 'ignore', 'text' from unnest($3::text[]) with ordinality as f (name, n) on conflict do nothing`, [source.id, position, fresh])
}
