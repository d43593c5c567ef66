import type { CatalogSource } from '../catalog/catalog.ts'
import { copyIn } from '../db/copy.ts'
import { nextTableName } from '../db/table-version.ts'
import type { Delta, Work } from '../jobs/work.ts'
import { decryptColumn } from './decrypt-column.ts'
import { identityColumns, matchKeySql } from './match-keys.ts'
import { md5Key } from './normalise.ts'

/**
 * Writes the identities of a source's new and changed rows and takes those of changed and removed rows away. Answers the
 * table they are in now. Leaves two tables for the mapping: `identity_delta` (op, row_number), the rows of the delta whose identities are
 * others than before, with all that came and went; and `old_keys` (id_type, match_key, row_number), what these had: rows sharing it may have to part.
 */
export async function storeIdentities(work: Work, delta: Delta, rowsTable: string, rebuilt: boolean): Promise<string> {
  const { source } = delta
  await work.run('create temp table old_keys (id_type smallint, match_key uuid, row_number bigint) on commit drop')
  await decryptColumns(work, source, rowsTable)
  if (!rebuilt && source.identitiesTable) {
    await replaceChanged(work, delta, source.identitiesTable, rowsTable)
    return source.identitiesTable
  }
  await work.run(`create temp view identity_delta as select op, row_number from ${delta.table}`)
  if (source.identitiesTable) await work.run(`insert into old_keys select i.id_type, i.match_key, i.row_number from ${source.identitiesTable} i join ${delta.table} d on d.row_number = i.row_number`)
  return newTable(work, source, rowsTable)
}

const identity = 'id_type, match_key, row_number, column_id'

/** Most changed rows keep their IDs. What is written and mapped anew for nothing costs more than comparing: entries of two indexes each, all over them. */
async function replaceChanged(work: Work, delta: Delta, table: string, rowsTable: string): Promise<void> {
  const now = identitiesSelect(work, delta.source, `${rowsTable} r join ${delta.table} d on d.row_number = r.row_number and d.op <> 'removed'`)
  await work.run(`create temp table identities_before on commit drop as select ${identity.replaceAll(/\w+/g, 'i.$&')} from ${table} i join ${delta.table} d on d.row_number = i.row_number`)
  await work.run(`create temp table identities_now on commit drop as ${now ?? `select ${identity} from identities_before where false`}`)
  await work.run(`create temp table identities_gone on commit drop as select ${identity} from identities_before except select ${identity} from identities_now`)
  await work.run(`create temp table identities_come on commit drop as select ${identity} from identities_now except select ${identity} from identities_before`)
  await work.run(`create temp table identity_delta on commit drop as select d.op, d.row_number from ${delta.table} d
    where d.op <> 'changed' or d.row_number in (select row_number from identities_gone union all select row_number from identities_come)`)
  await work.run('create unique index on identity_delta (row_number); analyze identity_delta')
  await work.run('insert into old_keys select b.id_type, b.match_key, b.row_number from identities_before b join identity_delta d on d.row_number = b.row_number')
  await work.run(`delete from ${table} i using identities_gone g where i.row_number = g.row_number and i.column_id = g.column_id and i.id_type = g.id_type and i.match_key = g.match_key`)
  await work.run(`insert into ${table} (${identity}) select ${identity} from identities_come`)
  await work.run('drop table identities_before, identities_now, identities_gone, identities_come')
}

async function newTable(work: Work, source: CatalogSource, rowsTable: string): Promise<string> {
  const table = await nextTableName(work.context.db, `identities_${source.id}`)
  await work.run(`create table ${table} as ${identitiesSelect(work, source, `${rowsTable} r`) ?? 'select null::smallint as id_type, null::uuid as match_key, null::bigint as row_number, null::int as column_id where false'}`)
  await work.run(`create index on ${table} (match_key)`)
  await work.run(`create index on ${table} (row_number)`)
  await work.run(`analyze ${table}`)
  return table
}

/** The identities of rows; null where the source has no column of an ID. One pass a column: an expression in a VALUES list would be computed twice, to be tested and to be stored. */
function identitiesSelect(work: Work, source: CatalogSource, from: string): string | null {
  const selects = identityColumns(source, work.catalog.idTypes).map(({ column, type }) => `select ${type.id}::smallint as id_type, ${matchKeySql(column, `r.${column.column}`)} as match_key, r.row_number, ${column.id} as column_id from ${from} where r.${column.column} is not null`)
  return selects.length ? selects.join(' union all ') : null
}

/** Only keys of comparison are stored of what was decrypted. */
async function decryptColumns(work: Work, source: CatalogSource, rowsTable: string): Promise<void> {
  const columns = identityColumns(source, work.catalog.idTypes).filter(({ column }) => column.encryption === 'aes')
  await work.run('create temp table aes_keys (id_type text, given text, match_key uuid) on commit drop')
  if (columns.length === 0) return
  for (const { column, type } of columns) {
    for await (const cells of decryptColumn(work, rowsTable, column, type)) {
      await copyIn(work.client, 'copy aes_keys from stdin', [Buffer.from(cells.map(({ given, plain }) => `${type.code}\t${copyText(given)}\t${md5Key(plain)}\n`).join(''))])
    }
  }
  // By hash: a value may be longer than an entry of another index can be.
  await work.run('create index on aes_keys using hash (given); analyze aes_keys')
}

function copyText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}
