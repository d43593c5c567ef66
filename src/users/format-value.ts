import type { FieldType } from '../conditions/field.ts'
import { formatDecimal } from '../format.ts'
import type { Cell } from './queries/list.ts'

const formatters = new Map<string, Intl.DateTimeFormat>()

/** 2026-11-23 09:41:07 in the time zone of the installation; the formatter is kept, since making one costs more than using it. */
export function formatSecond(at: Date, timeZone: string): string {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
    formatters.set(timeZone, formatter)
  }
  return formatter.format(at)
}

/** 2026-11-23 09:41. */
export function formatMinute(at: Date, timeZone: string): string {
  return formatSecond(at, timeZone).slice(0, 16)
}

export function formatDay(at: Date, timeZone: string): string {
  return formatMinute(at, timeZone).slice(0, 10)
}

/** A value as people read it; '' where it is empty. */
export function formatValue(type: FieldType, value: Cell, timeZone: string): string {
  if (value === null) return ''
  if (value instanceof Date) return formatMinute(value, timeZone)
  if (Array.isArray(value)) return value.join(', ')
  if (type === 'number') return formatDecimal(value)
  return type === 'choice' ? value.charAt(0).toUpperCase() + value.slice(1) : value
}
