import type { CatalogSource } from '../catalog/catalog.ts'
import { copyIn } from '../db/copy.ts'
import type { Work } from '../jobs/work.ts'
import { decryptColumn } from './decrypt-column.ts'
import { identityColumns, matchKeySql } from './match-keys.ts'
import { md5Key, normaliseSql, shaKey } from './normalise.ts'

type PlaceOfIds = ReturnType<typeof identityColumns>[number] & { source: CatalogSource }

/**
 * Lets SHA256 values meet their plain value: an identity that came as SHA256 takes the match key of the plain value of its
 * type, where one is in the data (as it is, or under AES), and loses it again with it. Leaves the rows whose key changed in
 * `extra_touched`, and what they had before in `old_keys`. Costs a pass over the plain values, only where a type has SHA256 columns.
 */
export async function resolveHashes(work: Work): Promise<void> {
  await work.run('create temp table extra_touched (row_number bigint) on commit drop')
  const all = work.catalog.sources.flatMap((source) => (source.rowsTable && source.identitiesTable ? identityColumns(source, work.catalog.idTypes).map((found) => ({ ...found, source })) : []))
  const hashed = all.filter(({ column }) => column.encryption === 'sha256')
  const types = [...new Set(hashed.map(({ type }) => type.id))]
  const [known] = await work.rows<{ some: boolean }>('select exists (select from plain_hashes) as some')
  if (types.length === 0 && !known?.some) return
  await collectPlain(work, all.filter(({ type }) => types.includes(type.id)))
  await work.run('create index on plain_now (sha_key, id_type); analyze plain_now')
  for (const { column, type, source } of hashed) {
    const own = matchKeySql(column, `r.${column.column}`)
    await work.run(`create temp table resolved on commit drop as
      select i.row_number, i.match_key as before, coalesce(p.match_key, ${own}) as after from ${source.identitiesTable} i
      join ${source.rowsTable} r on r.row_number = i.row_number
      left join plain_now p on p.id_type = ${type.id} and p.sha_key = ${own}
      where i.column_id = ${column.id} and i.match_key is distinct from coalesce(p.match_key, ${own})`)
    await work.run(`insert into old_keys select ${type.id}, before, row_number from resolved`)
    await work.run('insert into extra_touched select row_number from resolved')
    await work.run(`update ${source.identitiesTable} i set match_key = v.after from resolved v where i.row_number = v.row_number and i.column_id = ${column.id}`)
    await work.run('drop table resolved')
  }
  await work.run('delete from plain_hashes h where not exists (select from plain_now n where n.id_type = h.id_type and n.sha_key = h.sha_key)')
  await work.run('insert into plain_hashes select id_type, sha_key, match_key from plain_now on conflict do nothing')
}

/** Both keys of every plain value of these columns, each once: `plain_now` (id_type, sha_key, match_key). */
async function collectPlain(work: Work, columns: PlaceOfIds[]): Promise<void> {
  await work.run('create temp table decrypted (id_type smallint, sha_key uuid, match_key uuid) on commit drop')
  for (const { column, type, source } of columns.filter((one) => one.column.encryption === 'aes')) {
    for await (const cells of decryptColumn(work, source.rowsTable as string, column, type)) {
      await copyIn(work.client, 'copy decrypted from stdin', [Buffer.from(cells.map(({ plain }) => `${type.id}\t${shaKey(plain)}\t${md5Key(plain)}\n`).join(''))])
    }
  }
  const selects = columns.filter(({ column }) => column.encryption === 'unencrypted').map(({ column, type, source }) => {
    const normal = normaliseSql(type.code, `r.${column.column}`)
    return `select ${type.id}::smallint as id_type, left(encode(sha256(convert_to(${normal}, 'UTF8')), 'hex'), 32)::uuid as sha_key, md5(${normal})::uuid as match_key from ${source.rowsTable} r where r.${column.column} is not null`
  })
  await work.run(`create temp table plain_now on commit drop as ${['select distinct id_type, sha_key, match_key from decrypted', ...selects].join(' union ')}`)
  await work.run('drop table decrypted')
}
