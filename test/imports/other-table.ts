import { connect, openOther, type Other } from '../connections/other.ts'
import { build, type TestApp } from '../helper.ts'

export interface TableWorld extends TestApp {
  other: Other
  connectionId: number
  /** Imports a table of the other database as a new source. */
  importTable(table: string, form: Record<string, string>): Promise<void>
  /** Orders a run by the page, does it, and answers how it ended. */
  importNow(form?: Record<string, string>): Promise<Ended>
  lastRun(): Promise<Ended>
}

export interface Ended { id: number; status: string; error: string | null; started: string; rows_read: string | null; rows_new: string | null; rows_changed: string | null; rows_removed: string | null; mark: unknown }

/** A console with a connection to another database, in which everybody may read what `statements` make. */
export async function openTables(t: Parameters<typeof build>[0], statements: string): Promise<TableWorld> {
  const app = await build(t)
  const other = await openOther(t)
  await other.pool.query(statements)
  await other.pool.query('grant select on all tables in schema public to public')
  const connectionId = await connect(app, other)
  const world: TableWorld = {
    ...app, other, connectionId,
    async importTable(table, form) {
      const url = String((await app.as({ method: 'POST', url: `/settings/sources/from/${connectionId}`, form: { schema: 'public', table } })).headers.location)
      const names = /name="names" value="([^"]*)"/.exec((await app.as({ url })).body)?.[1] ?? ''
      const answer = await app.as({ method: 'POST', url: `${url}/import`, form: { names, ...form } })
      if (answer.statusCode !== 303) throw new Error(`the import of ${table} answered ${answer.statusCode}`)
      await app.runJobs()
    },
    async importNow(form = {}) {
      const answer = await app.as({ method: 'POST', url: '/settings/sources/1/runs', form })
      if (answer.statusCode !== 303) throw new Error(`the run was not ordered: ${answer.statusCode}`)
      await app.runJobs()
      return world.lastRun()
    },
    lastRun: () => app.db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').selectAll('r').select(['j.status', 'j.error']).orderBy('r.id', 'desc').limit(1).executeTakeFirstOrThrow() as Promise<Ended>
  }
  return world
}
