import type pg from 'pg'
import { sequencesOf } from '../backup/manifest.ts'
import { copyIn } from '../db/copy.ts'
import { replayMigrations } from '../db/migrate.ts'
import { Conflict } from '../problem.ts'
import { BadBackup } from './problem.ts'
import { putSecrets } from './put-secrets.ts'
import { addIndexes, addReferences, addSequence, addView, analyze, copyInStatement, createTable, forgetFiles, setSequence } from './queries/make-tables.ts'
import { dropPresent, dropTables, findPresent } from './queries/present.ts'
import { inOneTransaction } from './queries/transaction.ts'
import { rowsOf, type Backup } from './read-backup.ts'

export interface RestoreOptions {
  dataDir: string
  /** What stands in the database is dropped. */
  replace: boolean
  signal?: AbortSignal
  watch(table: string, rows: number): void
}

/**
 * Brings back what a backup holds, or leaves everything as it was. Functions, types and collations come from the migrations that had
 * run when the backup was made; tables are made as the backup describes them, and get their indexes when their rows are there.
 * Where it fails the connection may be in the midst of a COPY: it must be closed.
 */
export async function restoreBackup(client: pg.PoolClient, backup: Backup, { dataDir, replace, signal, watch }: RestoreOptions): Promise<void> {
  const { manifest: { migrations, sequences, tables, views }, secrets } = backup
  let putBack: (() => Promise<void>) | undefined
  try {
    await inOneTransaction(client, async (trx) => {
      if (replace) await dropPresent(trx)
      if ((await findPresent(trx)).objects.length > 0) throw new Conflict('The database is not empty.')
      await replayMigrations(trx, migrations)
      await dropTables(trx)
      for (const sequence of sequences) await addSequence(trx, sequence)
      for (const table of tables) {
        await createTable(trx, table)
        const rows = rowsOf(backup, table, watch)
        await copyIn(client, copyInStatement(table), rows, signal)
        if (rows.rows !== table.rows || rows.digest() !== table.sha256) throw new BadBackup(`The rows of ${table.name} changed while they were read.`)
      }
      for (const table of tables) { signal?.throwIfAborted(); await addIndexes(trx, table) }
      for (const table of tables) await addReferences(trx, table)
      for (const view of views) await addView(trx, view)
      for (const sequence of [...sequences, ...tables.flatMap(sequencesOf)]) await setSequence(trx, sequence)
      await forgetFiles(trx, tables)
      await analyze(trx, tables)
      putBack = await putSecrets(dataDir, secrets)
    })
  } catch (error) {
    await putBack?.()
    throw error
  }
}
