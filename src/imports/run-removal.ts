import { insertHistory } from '../history/queries.ts'
import { storeIdentities } from '../identities/store-identities.ts'
import { endJob } from '../jobs/end-job.ts'
import type { JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import { sourceOf, type Delta } from '../jobs/work.ts'
import { publishTables } from '../projection/publish-tables.ts'
import { setSchedule } from '../schedules/queries.ts'
import { deleteOrigin } from '../sources/queries/origins.ts'
import { forgetBefore } from './record-run.ts'
import { showRows } from './show-rows.ts'
import { keepNumbers } from './store-rows.ts'

/** The job 'remove_source': all rows of a source go, by the same steps as rows that an import removes; then the source itself. */
export async function runRemoval(context: JobContext, payload: { sourceId: number; operatorId: number; operatorName: string }): Promise<unknown> {
  return inDataTransaction(context, async (work) => {
    const source = sourceOf(work, payload.sourceId)
    const total = source.rowCount
    if (source.rowsTable) {
      context.progress('Compare and store', 0, total)
      await work.run(`create temp table delta on commit drop as select 'removed' as op, row_number from ${source.rowsTable}`)
      await work.run('create unique index on delta (row_number); analyze delta')
      const delta: Delta = { source, table: 'delta', rows: total, newRows: 0, changedRows: 0, removedRows: total }
      await keepNumbers(work, delta, source.rowsTable, null)
      await work.run(`drop table ${await storeIdentities(work, { ...delta, source: { ...source, columns: [] } }, source.rowsTable, true)}`)
      work.catalog = { ...work.catalog, sources: work.catalog.sources.filter((candidate) => candidate.id !== source.id) }
      await work.context.check()
      await showRows(work, delta, { runId: null, reason: 'source removed', rebuilt: false, reshaped: false, rowsSeen: total })
    }
    await work.run('update sources set removed_at = now(), removing = false, rows_table = null, identities_table = null, values_table = null, row_count = 0, user_count = 0 where id = $1', [source.id])
    await deleteOrigin(work.db, source.id)
    await setSchedule(work.db, { kind: 'import', subjectId: source.id }, null, null)
    await insertHistory(work.db, { kind: 'structure', title: `Source ${source.alias} removed with ${total.toLocaleString('en')} rows`, operator: { id: payload.operatorId, name: payload.operatorName }, sourceId: source.id, jobId: context.jobId })
    await publishTables(work, [source.rowsTable, source.identitiesTable, source.valuesTable, ...await forgetBefore(work, source.id, null)].filter((name) => name !== null), null)
    await endJob(work, { rows: total })
    return { rows: total }
  })
}
