import { sql } from 'kysely'
import type { Db, JobStatus } from '../db/database.ts'
import type { ExportSight } from './sight.ts'

/** What is wanted in the file, and how it is written. */
export interface ExportChoice { items: string[]; bom: boolean; guard: boolean }

export interface ExportOrder extends ExportChoice { query: string; expected: number }

export interface Export extends ExportOrder {
  id: number; jobId: number; operatorId: number; operator: string; at: Date
  status: JobStatus; done: number; total: number; error: string | null
  /** What the file holds; null until it is made. */
  columns: string[] | null; sight: ExportSight | null; rows: number | null; bytes: number | null; madeAt: Date | null
  file: string | null
}

function selectExports(db: Db) {
  return db.selectFrom('exports as e').innerJoin('jobs as j', 'j.id', 'e.job_id').innerJoin('operators as o', 'o.id', 'e.operator_id')
    .selectAll('e').select(['j.status', 'j.done', 'j.total', 'j.error', 'o.name as operator'])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectExports>['executeTakeFirstOrThrow']>>

function toExport(row: Row): Export {
  return {
    id: row.id, jobId: row.job_id, operatorId: row.operator_id, operator: row.operator, at: row.at, query: row.query, items: row.items, bom: row.bom, guard: row.guard, expected: Number(row.expected),
    status: row.status, done: Number(row.done), total: Number(row.total), error: row.error, columns: row.columns, sight: row.sight as ExportSight | null,
    rows: row.rows === null ? null : Number(row.rows), bytes: row.bytes === null ? null : Number(row.bytes), madeAt: row.made_at, file: row.file
  }
}

export async function insertExport(db: Db, order: ExportOrder & { jobId: number; operatorId: number }): Promise<number> {
  const { id } = await db.insertInto('exports').values({
    job_id: order.jobId, operator_id: order.operatorId, query: order.query, items: order.items, bom: order.bom, guard: order.guard, expected: String(order.expected)
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** The export that a job makes. */
export async function getExportOfJob(db: Db, jobId: number): Promise<Export> {
  return toExport(await selectExports(db).where('e.job_id', '=', jobId).executeTakeFirstOrThrow())
}

/** An export of this operator; undefined for one of somebody else. */
export async function findOwnExport(db: Db, id: number, operatorId: number): Promise<Export | undefined> {
  const row = await selectExports(db).where('e.id', '=', id).where('e.operator_id', '=', operatorId).executeTakeFirst()
  return row && toExport(row)
}

/** Exports, newest first, older than `before` where that is given; of one operator, or of all where `operatorId` is null. */
export async function listExports(db: Db, operatorId: number | null, before: number | null, limit: number): Promise<Export[]> {
  const rows = await selectExports(db).$if(operatorId !== null, (query) => query.where('e.operator_id', '=', operatorId as number)).$if(before !== null, (query) => query.where('e.id', '<', before as number))
    .orderBy('e.id', 'desc').limit(limit).execute()
  return rows.map(toExport)
}

export async function setExportMade(db: Db, id: number, made: { columns: string[]; sight: ExportSight; rows: number; bytes: number; file: string }): Promise<void> {
  await db.updateTable('exports').set({
    columns: JSON.stringify(made.columns), sight: JSON.stringify(made.sight), rows: String(made.rows), bytes: String(made.bytes), file: made.file, made_at: new Date()
  }).where('id', '=', id).execute()
}

/** How many exports of this operator have not ended, and how many began within the last hour? Nobody else begins one for them meanwhile. */
export async function lockExportCounts(db: Db, operatorId: number): Promise<{ open: number; lately: number }> {
  await sql`select pg_advisory_xact_lock(360006, ${operatorId}::int)`.execute(db)
  const { rows } = await sql<{ open: number; lately: number }>`
    select count(*) filter (where j.status in ('waiting', 'running'))::int as open, count(*) filter (where e.at > now() - interval '1 hour')::int as lately
    from exports e join jobs j on j.id = e.job_id where e.operator_id = ${operatorId} and (e.at > now() - interval '1 hour' or j.status in ('waiting', 'running'))`.execute(db)
  return rows[0]!
}

/** Names of the files that are there by their records. */
export async function listExportFiles(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('exports').select('file').where('file', 'is not', null).execute()
  return rows.map((row) => row.file as string)
}

/** Forgets the files that were made more than so many hours ago, and answers their names; 0 for all files. */
export async function takeOldFiles(db: Db, hours: number): Promise<string[]> {
  const { rows } = await sql<{ file: string }>`
    with old as (select id, file from exports where file is not null and made_at <= now() - make_interval(hours => ${hours}) for update)
    update exports e set file = null from old where e.id = old.id returning old.file`.execute(db)
  return rows.map((row) => row.file)
}

export async function findChoice(db: Db, operatorId: number): Promise<ExportChoice | undefined> {
  return db.selectFrom('export_choices').select(['items', 'bom', 'guard']).where('operator_id', '=', operatorId).executeTakeFirst()
}

export async function deleteChoices(db: Db, operatorId: number): Promise<void> {
  await db.deleteFrom('export_choices').where('operator_id', '=', operatorId).execute()
}

export async function setChoice(db: Db, operatorId: number, { items, bom, guard }: ExportChoice): Promise<void> {
  await db.insertInto('export_choices').values({ operator_id: operatorId, items, bom, guard }).onConflict((conflict) => conflict.column('operator_id').doUpdateSet({ items, bom, guard })).execute()
}
