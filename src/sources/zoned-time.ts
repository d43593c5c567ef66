const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    formats.set(timeZone, format)
  }
  return format
}

function offsetAt(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(instant).map((part) => [part.type, Number(part.value)])) as Record<string, number>
  const wall = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second'])
  return wall - Math.floor(instant / 1000) * 1000
}

/** The instant of a wall-clock time (given as if it were UTC) in a time zone, as PostgreSQL reads it. */
export function instantOf(wall: number, timeZone: string): number {
  const guess = wall - offsetAt(wall, timeZone)
  return wall - offsetAt(guess, timeZone)
}

/** `2026-11-16 18:20:05` on the clocks of a time zone; without seconds where they are zero. */
export function wallClock(instant: number, timeZone: string): string {
  const text = new Date(instant + offsetAt(instant, timeZone)).toISOString().replace('T', ' ').slice(0, 19)
  return text.endsWith(':00') ? text.slice(0, 16) : text
}
