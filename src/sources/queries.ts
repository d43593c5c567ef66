import { sql, type Transaction } from 'kysely'
import type { CatalogSource } from '../catalog/catalog.ts'
import type { ColumnSpec } from '../catalog/column.ts'
import type { Database, Db } from '../db/database.ts'
import { NotFound } from '../problem.ts'
import type { SampleOrigin } from './origin.ts'

export interface Upload { id: string; fileName: string; path: string; bytes: number; sourceId: number | null; operatorId: number | null; options: Partial<FileFormat>; origin: SampleOrigin | null }

/** What is chosen about a file as a whole. */
export interface FileFormat { encoding: string; delimiter: string; header: boolean }

export async function insertUpload(db: Db, upload: Omit<Upload, 'options'>): Promise<void> {
  await db.insertInto('uploads').values({
    id: upload.id, file_name: upload.fileName, path: upload.path, bytes: String(upload.bytes), operator_id: upload.operatorId, source_id: upload.sourceId, options: '{}', origin: upload.origin && JSON.stringify(upload.origin)
  }).execute()
}

export async function findUpload(db: Db, id: string): Promise<Upload | undefined> {
  const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { id: row.id, fileName: row.file_name, path: row.path, bytes: Number(row.bytes), sourceId: row.source_id, operatorId: row.operator_id, options: row.options as Partial<FileFormat>, origin: row.origin as SampleOrigin | null }
}

/** Takes the record away and answers whether it was still there: of two that press Import, one gets the file. */
export async function deleteUpload(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('uploads').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Takes the records of files that waited longer than `hours` away and answers their paths. */
export async function deleteOldUploads(db: Db, hours: number): Promise<string[]> {
  const rows = await db.deleteFrom('uploads').where('created_at', '<', sql<Date>`now() - make_interval(hours => ${hours})`).returning('path').execute()
  return rows.map((row) => row.path)
}

/** Which files are still needed, by an upload that waits or by a run that has not ended? */
export async function listFilesInUse(db: Db): Promise<string[]> {
  const uploads = await db.selectFrom('uploads').select('path').execute()
  const runs = await db.selectFrom('import_runs').innerJoin('jobs', 'jobs.id', 'import_runs.job_id').select('file_path as path')
    .where('jobs.status', 'in', ['waiting', 'running']).where('file_path', 'is not', null).execute()
  return [...uploads, ...runs].map((row) => row.path as string)
}

export interface NewSource { alias: string; keyColumn: string; keyIdType: string | null; updateTimeColumn: string | null; format: FileFormat; operatorId: number | null }

export async function insertSource(db: Db, source: NewSource): Promise<number> {
  const { id } = await db.insertInto('sources').values({
    alias: source.alias, key_column: source.keyColumn, key_id_type: source.keyIdType, update_time_column: source.updateTimeColumn,
    file_format: JSON.stringify(source.format), created_by: source.operatorId
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** A column as stored: its group found or made before. */
export type StoredColumn = Omit<ColumnSpec, 'group'> & { groupId: number | null }

export async function insertColumns(db: Db, sourceId: number, columns: StoredColumn[], from = 1): Promise<void> {
  for (let at = 0; at < columns.length; at += 500) {
    await db.insertInto('source_columns').values(columns.slice(at, at + 500).map((column, index) => ({
      source_id: sourceId, position: from + at + index, name: column.name, ...columnValues(column)
    }))).execute()
  }
}

export function columnValues(column: StoredColumn) {
  return {
    kind: column.kind, type: column.type, delimiter: column.delimiter ?? null, id_type: column.idType ?? null, encryption: column.encryption ?? null,
    attribute: column.attribute ?? null, tag_name: column.tagName ?? null, tag_group_id: column.groupId, description: column.description ?? null,
    format: column.format ?? null, time_zone: column.timeZone ?? null, empty_values: column.emptyValues ?? []
  }
}

/** Is there another source of this name, whatever its case? */
export async function isAliasTaken(db: Db, alias: string, exceptId = 0): Promise<boolean> {
  const row = await db.selectFrom('sources').select('id').where(sql`lower(alias)`, '=', alias.toLowerCase()).where('removed_at', 'is', null).where('id', '<>', exceptId).executeTakeFirst()
  return row !== undefined
}

export interface SourceState { id: number; alias: string; removing: boolean }

function selectState(db: Db, id: number) {
  return db.selectFrom('sources').select(['id', 'alias', 'removing']).where('id', '=', id).where('removed_at', 'is', null)
}

function present(row: SourceState | undefined): SourceState {
  if (!row) throw new NotFound('This source does not exist any more.')
  return row
}

export async function getSourceState(db: Db, id: number): Promise<SourceState> {
  return present(await selectState(db, id).executeTakeFirst())
}

/** Holds a source against changes by others until the transaction ends; not so hard that it would wait for a run that adds columns to it. */
export async function lockSource(trx: Transaction<Database>, id: number): Promise<SourceState> {
  return present(await selectState(trx, id).forNoKeyUpdate().executeTakeFirst())
}

export async function setUploadOptions(db: Db, id: string, options: Partial<FileFormat>): Promise<void> {
  await db.updateTable('uploads').set({ options: JSON.stringify(options) }).where('id', '=', id).execute()
}

export const noUpload = 'This file is not here any more: it was imported or discarded, or a day has gone by. Upload it again.'

export async function getUpload(db: Db, id: string): Promise<Upload> {
  const upload = await findUpload(db, id)
  if (!upload) throw new NotFound(noUpload)
  return upload
}

/** A column of a source as it is read now, and as the next run will read it where that differs. */
export interface StructureColumn { id: number; spec: ColumnSpec; pending: ColumnSpec | null; filterIndex: boolean }

export async function listStructure(db: Db, sourceId: number, groupPath: (id: number | null) => string[]): Promise<StructureColumn[]> {
  const rows = await db.selectFrom('source_columns').selectAll().where('source_id', '=', sourceId).orderBy('position').execute()
  return rows.map((row) => ({
    id: row.id, filterIndex: row.filter_index, pending: row.pending as ColumnSpec | null,
    spec: {
      name: row.name, kind: row.kind, type: row.type, delimiter: row.delimiter, idType: row.id_type, encryption: row.encryption, attribute: row.attribute, tagName: row.tag_name,
      group: groupPath(row.tag_group_id), description: row.description, format: row.format, timeZone: row.time_zone, emptyValues: row.empty_values
    } as ColumnSpec
  }))
}

export async function setColumnPending(db: Db, id: number, pending: ColumnSpec | null): Promise<void> {
  await db.updateTable('source_columns').set({ pending: pending === null ? null : JSON.stringify(pending) }).where('id', '=', id).execute()
}

export async function setSourceAlias(db: Db, id: number, alias: string): Promise<void> {
  await db.updateTable('sources').set({ alias }).where('id', '=', id).execute()
}

export async function setStructurePending(db: Db, id: number, pending: boolean): Promise<void> {
  await db.updateTable('sources').set({ structure_pending: pending }).where('id', '=', id).execute()
}

export async function setSourceRemoving(db: Db, id: number): Promise<void> {
  await db.updateTable('sources').set({ removing: true }).where('id', '=', id).execute()
}

/** What goes with a source: the users that have rows nowhere else, and values set by hand for its tags. */
export async function countLosses(db: Db, source: Pick<CatalogSource, 'id' | 'valuesTable'>, others: readonly Pick<CatalogSource, 'valuesTable'>[]): Promise<{ usersOnlyHere: number; handSet: number }> {
  const handSet = await db.selectFrom('overrides').select((eb) => eb.fn.countAll<string>().as('count')).where('source_id', '=', source.id).where('undone_by', 'is', null).where('ended_by_run', 'is', null).where('policy', '<>', 'source').executeTakeFirstOrThrow()
  if (!source.valuesTable) return { usersOnlyHere: 0, handSet: Number(handSet.count) }
  const elsewhere = others.flatMap((other) => (other.valuesTable ? [sql`and not exists (select from ${sql.table(other.valuesTable)} o where o.user_id = v.user_id and o.row_count > 0)`] : []))
  const { rows } = await sql<{ count: string }>`select count(*) from ${sql.table(source.valuesTable)} v where v.row_count > 0 ${sql.join(elsewhere, sql` `)}`.execute(db)
  return { usersOnlyHere: Number(rows[0]?.count ?? 0), handSet: Number(handSet.count) }
}

/** For a source without rows only: nothing refers to its columns yet. */
export async function deleteColumns(db: Db, sourceId: number): Promise<void> {
  await db.deleteFrom('source_columns').where('source_id', '=', sourceId).execute()
}

export async function setSourceKey(db: Db, id: number, source: Pick<NewSource, 'keyColumn' | 'keyIdType' | 'updateTimeColumn' | 'format'>): Promise<void> {
  await db.updateTable('sources').set({
    key_column: source.keyColumn, key_id_type: source.keyIdType, update_time_column: source.updateTimeColumn, file_format: JSON.stringify(source.format), structure_pending: false
  }).where('id', '=', id).execute()
}

/** How the files of a source were read when it was made. */
export async function getFileFormat(db: Db, sourceId: number): Promise<Partial<FileFormat>> {
  const row = await db.selectFrom('sources').select('file_format').where('id', '=', sourceId).executeTakeFirst()
  return (row?.file_format ?? {}) as Partial<FileFormat>
}

/** Sources whose removal ended without removing them (it failed, or was cancelled) are as before. Answers whether there was one. */
export async function releaseRemovals(trx: Transaction<Database>): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('sources').set({ removing: false }).where('removing', '=', true).where('removed_at', 'is', null)
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('jobs').select('jobs.id').where('kind', '=', 'remove_source').where('status', 'in', ['waiting', 'running']).where(sql`(payload ->> 'sourceId')::int`, '=', sql.ref('sources.id')))))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
