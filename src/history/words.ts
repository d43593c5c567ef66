import type { Access } from '../access/access.ts'
import { findField, type FieldType } from '../conditions/field.ts'
import { formatDecimal } from '../format.ts'
import { formatMinute } from '../users/format-value.ts'

/** A kept value as people read it; '' where it is empty. */
export function wordOf(value: unknown, type: FieldType | null, access: Access, timeZone: string): string {
  if (value === null || value === undefined) return ''
  if (type === 'time' && typeof value === 'string' && !Number.isNaN(Date.parse(value))) return formatMinute(new Date(value), timeZone)
  if (type === 'number' && typeof value === 'string') return formatDecimal(value)
  if (type === 'choice' && typeof value === 'string') return value.charAt(0).toUpperCase() + value.slice(1)
  if (Array.isArray(value)) return value.flatMap((one) => (type === null ? settingWord(one, access) : [String(one)])).join(', ')
  if (typeof value === 'object') return Object.entries(value).filter(([, inner]) => inner !== null && inner !== '').map(([name, inner]) => `${name}: ${wordOf(inner, null, access, timeZone)}`).join('; ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

/** In settings, references of tags and attributes are said by their labels, and those that this operator does not see are left out. */
function settingWord(value: unknown, access: Access): string[] {
  if (typeof value !== 'string') return [typeof value === 'object' ? JSON.stringify(value) : String(value)]
  if (!/^(tag:\d+|attribute:\w+)$/.test(value)) return [value]
  const field = findField(access, value)
  return field ? [field.label] : []
}
