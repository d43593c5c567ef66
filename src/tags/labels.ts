import type { ValueType } from '../catalog/column.ts'
import { formatDecimal } from '../format.ts'
import type { TagStatistics } from './queries.ts'

export const typeLabels: Record<ValueType, string> = { text: 'text', number: 'number', time: 'time', multi: 'multi-value', date: 'date', choice: 'choice' }

/** Values in one line: the most frequent ones, or from the least to the most. */
export function valuesInShort(type: ValueType, statistics: TagStatistics): string {
  if (type !== 'number' && type !== 'time') return statistics.topValues.slice(0, 4).map(({ value }) => (value.length > 80 ? `${value.slice(0, 80)}…` : value)).join(', ')
  if (statistics.min === null || statistics.max === null) return ''
  const form = type === 'number' ? formatDecimal : (text: string) => text.slice(0, 10)
  return statistics.min === statistics.max ? form(statistics.min) : `${form(statistics.min)} to ${form(statistics.max)}`
}
