import type pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import { getCatalog } from '../catalog/queries.ts'
import type { JobContext } from '../jobs/job.ts'
import { hasLaterJob } from '../jobs/queries.ts'
import { yieldToPages } from '../jobs/transaction.ts'
import { tagColumns } from './effective-sql.ts'

const shownValues = 20

/**
 * The job 'statistics': users covered, most frequent values and bounds of every tag and attribute, from the published
 * projection. It reads beside jobs of the data lane and gives way to them: one process, a lower priority, and nothing held
 * that they wait for. Of several that wait the last one counts for all.
 */
export async function countValues(context: JobContext): Promise<unknown> {
  if (await hasLaterJob(context.db, 'statistics', context.jobId)) return { fields: 0 }
  const catalog = await getCatalog(context.db)
  const fields = [
    ...catalog.attributes.map((attribute) => ({ table: catalog.usersTable, column: attribute.column, type: attribute.type as string })),
    ...catalog.sources.flatMap((source) => (source.valuesTable ? tagColumns(source).map((column) => ({ table: source.valuesTable as string, column: column.column, type: column.type as string })) : []))
  ]
  const client = await context.pool.connect()
  try {
    const { rows: [backend] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    await yieldToPages(backend?.pid ?? 0)
    await client.query('set max_parallel_workers_per_gather = 0')
    for (const [index, { table, column, type }] of fields.entries()) {
      await context.check()
      context.progress('Count', index, fields.length)
      const ordered = type === 'number' || type === 'time' || type === 'date'
      // A time is counted by the minute of the installation's clock, as pages show it. ($2 is in the last line so that its type is known where no time is counted.)
      const text = (value: string) => (type === 'time' ? `to_char(${value} at time zone $2, 'YYYY-MM-DD HH24:MI')` : `${value}::text`)
      const values = type === 'multi' ? `(select unnest(${column}) as v from ${table})` : `(select ${text(column)} as v from ${table})`
      await client.query(`insert into field_statistics (field, users_covered, top_values, min_value, max_value, computed_at)
        select $1, (select count(${column}) from ${table}),
          coalesce((select jsonb_agg(jsonb_build_object('value', v, 'count', n)) from (select v, count(*) as n from ${values} s where v is not null group by v order by n desc, v limit ${shownValues}) t), '[]'),
          ${ordered ? `(select ${text(`min(${column})`)} from ${table}), (select ${text(`max(${column})`)} from ${table})` : 'null, null'}, now()
        on conflict (field) do update set users_covered = excluded.users_covered, top_values = excluded.top_values, min_value = excluded.min_value, max_value = excluded.max_value, computed_at = now()
        where $2::text is not null`, [column, context.timeZone])
    }
    await tidy(client, catalog)
    const names = fields.map((field) => field.column)
    await client.query('delete from field_statistics where not field = any ($1)', [names])
    await dropRetired(context)
  } finally {
    await client.query('reset all').then(() => client.release(), (lost: Error) => client.release(lost))
  }
  return { fields: fields.length }
}

/**
 * After much was written, readers would each pay a little for it; this pays at once, and lets indexes answer alone. It does
 * not give empty pages at the end back, for which everybody would have to wait.
 */
async function tidy(client: pg.PoolClient, catalog: Catalog): Promise<void> {
  const tables = ['overrides', 'history_items', 'row_aliases', catalog.usersTable, ...catalog.sources.flatMap((source) => [source.rowsTable, source.valuesTable, source.identitiesTable])]
  for (const table of tables) if (table) await client.query(`vacuum (analyze, skip_locked, truncate false) ${table}`)
}

/** Table versions that were replaced a while ago: no page can still be reading them. One that is in use is left for the next time. */
export async function dropRetired(context: JobContext): Promise<void> {
  const { rows } = await context.pool.query<{ name: string }>(`select name from retired_tables where retired_at < now() - interval '30 seconds'`)
  for (const { name } of rows) {
    const client = await context.pool.connect()
    try {
      await client.query(`begin; set local lock_timeout = '500ms'; drop table if exists ${name}; delete from retired_tables where name = '${name}'; commit`)
    } catch {
      await client.query('rollback')
    } finally {
      client.release()
    }
  }
}
