import type { CatalogColumn, CatalogSource, IdType } from '../catalog/catalog.ts'
import { normaliseSql } from './normalise.ts'

/** ID columns of a source whose type is known, with the type. */
export function identityColumns(source: CatalogSource, idTypes: readonly IdType[]): { column: CatalogColumn; type: IdType }[] {
  return source.columns.flatMap((column) => {
    const type = column.kind === 'id' ? idTypes.find((candidate) => candidate.code === column.idType) : undefined
    return type ? [{ column, type }] : []
  })
}

/**
 * SQL of the match key of a stored cell: the md5 of its normalised value as a uuid; an MD5 value is its own key; of a SHA256 value
 * the first half. A hashed cell that is no hash is compared as given, so it never joins a stranger. AES cells are looked up
 * in `aes_keys`, which the caller has filled by decrypting them.
 */
export function matchKeySql(column: CatalogColumn, cell: string): string {
  const given = `md5(${cell})::uuid`
  switch (column.encryption) {
    case 'md5': return `case when ${cell} ~ '^[0-9a-fA-F]{32}$' then ${cell}::uuid else ${given} end`
    case 'sha256': return `case when ${cell} ~ '^[0-9a-fA-F]{64}$' then left(${cell}, 32)::uuid else ${given} end`
    case 'aes': return `coalesce((select k.match_key from aes_keys k where k.id_type = '${column.idType}' and k.given = ${cell}), ${given})`
    default: return `md5(${normaliseSql(column.idType ?? '', cell)})::uuid`
  }
}
