import type { CatalogColumn, IdType } from '../catalog/catalog.ts'
import type { Work } from '../jobs/work.ts'
import { decryptAes } from './aes.ts'
import { normalise } from './normalise.ts'

const batch = 20_000

/**
 * The different AES cells of a column with their normalised plain values, a batch at a time; cells that are not encrypted
 * with the installation's key are left out. Decrypted in Node: the server does not know the key.
 */
export async function* decryptColumn(work: Work, table: string, column: CatalogColumn, type: IdType): AsyncGenerator<{ given: string; plain: string }[]> {
  const key = work.context.aesKey
  if (!key) return
  await work.run(`declare aes_cells no scroll cursor for select distinct ${column.column} as given from ${table} where ${column.column} is not null`)
  for (;;) {
    const cells = await work.rows<{ given: string }>(`fetch ${batch} from aes_cells`)
    if (cells.length === 0) break
    yield cells.flatMap(({ given }) => {
      const plain = decryptAes(key, given)
      return plain === undefined ? [] : [{ given, plain: normalise(type.code, plain) }]
    })
  }
  await work.run('close aes_cells')
}
