import type { Access } from '../../access/access.ts'
import { formatCount } from '../../format.ts'
import { formatDay } from '../format-value.ts'
import { columnsById, isSame, newestFirst, plainOf, readIdCell, type IdValue } from '../id-values.ts'
import type { IdCell } from '../queries/id-cells.ts'

export interface IdModel {
  id: string; text: string; source: string; column: string; encryption: string; since: string
  /** What stands on the pill: the method of an encrypted value. */
  pill: string
  superseded: boolean
  /** What the copy button gives; '' where there is nothing to copy. */
  copy: string
}
export interface IdentityModel { types: { name: string; id: string; ids: IdModel[] }[]; belonging: string; why: string }

/** All IDs of a user by type, newest first. The same value of a column is listed once, since its first arrival. */
export function identityModel(access: Access, cells: IdCell[], rows: { sourceId: number }[], aesKey: string | null, timeZone: string): IdentityModel {
  const columns = columnsById(access)
  const values = cells.toSorted(newestFirst).flatMap((cell) => {
    const column = columns.get(cell.columnId)
    return column ? [readIdCell(cell, column, aesKey)] : []
  })
  const byType = Map.groupBy(values, (value) => value.column.idType)
  const types = access.idTypes.flatMap((type) => {
    const found = byType.get(type.code)
    if (!found) return []
    const current = type.single ? found.find((value) => !value.column.masked) : undefined
    const ids = [...Map.groupBy(found, (value) => `${value.columnId} ${value.value}`).values()].map((same, index) => idModel(access, same, found, current, `id-${type.id}-${index}`, timeZone))
    return [{ name: type.name, id: `type-${type.id}`, ids }]
  })
  const sources = new Set(rows.map((row) => row.sourceId)).size
  return { types, belonging: `${formatCount(rows.length, 'row')} of ${formatCount(sources, 'source')} ${rows.length === 1 ? 'belongs' : 'belong'} to this user.`, why: rows.length === 1 ? 'Show the row' : 'Why these belong together' }
}

const methods = { unencrypted: 'unencrypted', md5: 'MD5', sha256: 'SHA256', aes: 'AES' }

function idModel(access: Access, same: IdValue[], ofType: IdValue[], current: IdValue | undefined, id: string, timeZone: string): IdModel {
  const value = same[0]!
  const { column } = value
  const method = column.encryption ?? 'unencrypted'
  const text = method === 'aes' ? value.plain ?? value.value : value.value
  const known = method === 'md5' || method === 'sha256' ? plainOf(value, ofType) : null
  const since = same.map((one) => one.createdAt).reduce((first, one) => (one < first ? one : first))
  return {
    id, text, source: access.source(value.sourceId)?.alias ?? '', column: column.name, since: formatDay(since, timeZone),
    encryption: known === null ? methods[method] : `${methods[method]}, same value as ${known}`,
    pill: method === 'unencrypted' ? '' : methods[method],
    superseded: current !== undefined && !column.masked && !isSame(value, current),
    copy: column.masked ? '' : text
  }
}
