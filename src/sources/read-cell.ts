import type { ColumnSpec } from '../catalog/column.ts'
import { trimBlanks } from './blanks.ts'
import { readGender } from './gender.ts'
import { instantOf, wallClock } from './zoned-time.ts'

/** What decides how a cell is read. */
export type ReadAs = Pick<ColumnSpec, 'type' | 'attribute' | 'delimiter' | 'format' | 'timeZone' | 'emptyValues'> & { kind?: string }

/** A cell as a run would read it: text (numbers and times in their plain form), the values of a multi-value, or null where it is empty. */
export type ReadCell = { value: string | string[] | null; instant?: number } | { problem: string }

/** Reads one cell with exactly the meaning of cellSql (a property test holds the two together); `timeZone` is the installation's. */
export function readCell(column: ReadAs, given: string, timeZone: string): ReadCell {
  const text = trimBlanks(given)
  if (text === '' || (column.emptyValues ?? []).includes(text)) return { value: null }
  if (column.kind === 'attribute' && column.attribute === 'gender') return { value: readGender(text) ?? null }
  switch (column.type) {
    case 'number': return readNumber(text, column.format === ',' ? ',' : '.')
    case 'time': return readTime(text, column, timeZone)
    case 'date': return readDate(text, column)
    case 'multi': return { value: readMulti(text, column.delimiter || '|') }
    default: return { value: text }
  }
}

const tooLarge = /[eE][-+]?[0-9]{3}/

const grouped = { '.': /^[-+]?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]*)?$/, ',': /^[-+]?[0-9]{1,3}([. ][0-9]{3})+(,[0-9]*)?$/ }

function readNumber(text: string, decimal: '.' | ','): ReadCell {
  const group = decimal === '.' ? ',' : '.'
  if ((text.includes(group) || text.includes(' ')) && !grouped[decimal].test(text)) return { problem: 'is not a number' }
  const plain = text.replaceAll(group, '').replaceAll(' ', '').replaceAll(decimal, '.')
  if (!/^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/.test(plain) || tooLarge.test(plain)) return { problem: 'is not a number' }
  return { value: plain }
}

const clock = /^(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?: ?(Z|[-+]\d{2}(?::?\d{2})?))?)?$/
const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|^(\d{4})年(\d{1,2})月(\d{1,2})日?|^(\d{4})(\d{2})(\d{2})/
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})/

/** `wall`: the clock time as if it were UTC; `day`: its midnight; `offset`: of the zone that the text names, in ms. */
interface Parts { wall: number; day: number; offset: number | null }

function readTime(text: string, column: ReadAs, timeZone: string): ReadCell {
  const instant = isEpoch(column) ? epochOf(text, column) : instantFrom(partsOf(text, column.format), column.timeZone || timeZone)
  return instant === undefined ? { problem: 'is not a date or time' } : { value: wallClock(instant, timeZone), instant }
}

function readDate(text: string, column: ReadAs): ReadCell {
  const wall = isEpoch(column) ? epochOf(text, column) : partsOf(text, column.format)?.day
  return wall === undefined ? { problem: 'is not a date' } : { value: new Date(wall).toISOString().slice(0, 10) }
}

function isEpoch(column: ReadAs): boolean {
  return column.format === 'epoch' || column.format === 'epoch_ms'
}

function epochOf(text: string, column: ReadAs): number | undefined {
  const shape = column.format === 'epoch' ? /^[0-9]{1,11}([.][0-9]{1,6})?$/ : /^[0-9]{1,14}([.][0-9]{1,6})?$/
  return shape.test(text) ? Number(text) * (column.format === 'epoch' ? 1000 : 1) : undefined
}

function instantFrom(parts: Parts | undefined, timeZone: string): number | undefined {
  if (!parts) return undefined
  return parts.offset === null ? instantOf(parts.wall, timeZone) : parts.wall - parts.offset
}

/** The wall-clock time of a text in the given order, checked against the calendar; undefined where it is none. */
function partsOf(text: string, format: string | null | undefined): Parts | undefined {
  const last = format === 'DMY' || format === 'MDY'
  const found = (last ? yearLast : yearFirst).exec(text)
  if (!found) return undefined
  const time = clock.exec(text.slice(found[0].length))
  if (!time) return undefined
  const [year, month, day] = (last ? (format === 'DMY' ? [found[4], found[3], found[1]] : [found[4], found[1], found[3]]) : [found[1] ?? found[5] ?? found[8], found[3] ?? found[6] ?? found[9], found[4] ?? found[7] ?? found[10]]).map(Number) as [number, number, number]
  const [hour, minute, second] = [time[1], time[2], time[3]].map((part) => Number(part ?? 0)) as [number, number, number]
  const wall = new Date(0)
  wall.setUTCFullYear(year, month - 1, day)
  if (year === 0 || wall.getUTCMonth() !== month - 1 || wall.getUTCDate() !== day) return undefined
  const midnight = hour === 24 && minute === 0 && second === 0 && Number(time[4] ?? 0) === 0
  if ((hour > 23 && !midnight) || minute > 59 || second > 60) return undefined
  const offset = offsetOf(time[5])
  if (offset === undefined) return undefined
  return { day: wall.getTime(), wall: wall.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(Number(`0.${time[4] ?? 0}`) * 1000), offset }
}

function offsetOf(zone: string | undefined): number | null | undefined {
  if (zone === undefined) return null
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', ''))
  if (hours > 15 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function readMulti(text: string, delimiter: string): string[] | null {
  const values = [...new Set(text.split(delimiter).map(trimBlanks).filter((value) => value !== ''))]
  return values.length ? values : null
}
