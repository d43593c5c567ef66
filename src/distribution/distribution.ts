/** One bar: a value or a stretch of values, and how many users have it. `from` and `to` are what a filter by it would say. */
export interface Bar { label: string; users: number; kind: 'value' | 'others' | 'empty' }

export interface Distribution { bars: Bar[]; users: number }

export const shownValues = 20
const stretches = 15

export type TimeUnit = 'day' | 'week' | 'month' | 'year' | 'decade'

/** The width of stretches of numbers: 1, 2 or 5 times a power of ten, so that there are at most twenty; whole where all numbers are. */
export function stepOf(least: number, most: number, whole: boolean): number {
  const rough = (most - least) / stretches
  if (!(rough > 0) || !Number.isFinite(rough)) return 1
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10)
  return whole ? Math.max(1, step) : step
}

/** The stretches of days: the shortest of which there are at most twenty or so. */
export function unitOf(days: number): TimeUnit {
  if (days <= 20) return 'day'
  if (days <= 140) return 'week'
  if (days <= 620) return 'month'
  return days <= 365 * 20 ? 'year' : 'decade'
}

/** A stretch of numbers in words, its end left out: "10 to 20". */
export function stretchLabel(at: number, step: number, whole: boolean): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  const say = (value: number) => value.toLocaleString('en', { maximumFractionDigits: digits })
  if (whole && step === 1) return say(at)
  return whole ? `${say(at * step)} to ${say((at + 1) * step - 1)}` : `${say(at * step)} to under ${say((at + 1) * step)}`
}

export function timeLabel(start: string, unit: TimeUnit): string {
  if (unit === 'year') return start.slice(0, 4)
  if (unit === 'decade') return `${start.slice(0, 4)}s`
  if (unit === 'month') return start.slice(0, 7)
  return unit === 'week' ? `week of ${start.slice(0, 10)}` : start.slice(0, 10)
}
