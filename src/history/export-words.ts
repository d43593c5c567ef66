import type { Access } from '../access/access.ts'
import { findField } from '../conditions/field.ts'
import { formatNumber } from '../format.ts'
import { describeQuery } from '../users/describe-query.ts'
import type { Sight } from './sight.ts'

/** What an entry says of an export: whom, which columns, how many. Nothing that this reader does not see is named or counted. */
export function exportWord(access: Access, sight: Sight, column: string, value: unknown): string {
  if (column === 'query') return describeQuery(access, String(value), sight.everything).join('; ') || 'everybody'
  if (column === 'rows') return access.everyUser ? formatNumber(Number(value)) : ''
  return Array.isArray(value) ? value.flatMap((ref) => labelOf(access, String(ref))).join(', ') : ''
}

const basic: Record<string, string> = { user_id: 'User ID', created: 'Created', source: 'Source' }

function labelOf(access: Access, ref: string): string[] {
  if (!ref.startsWith('id:')) return [basic[ref] ?? findField(access, ref)?.label ?? []].flat()
  return access.sources.flatMap((source) => source.columns.filter((column) => column.kind === 'id' && ref === `id:${column.id}`).map((column) => `${column.idType} of ${source.alias}`))
}
