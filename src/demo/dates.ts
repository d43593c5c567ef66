/** Times of the demo are wall-clock times: what the files say, whatever the console's time zone. */
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** The evening on which the demo's files were written. */
export const today = Date.UTC(2026, 10, 23, 21, 30)
/** What happened after this came with the second files. */
export const firstFiles = Date.UTC(2026, 10, 22, 23, 0)
export const opening = Date.UTC(2024, 0, 6, 10, 0)

export function formatDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

export function formatTime(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}

/** Years on the day of the files. */
export function ageOf(birthday: number): number {
  const born = new Date(birthday)
  const now = new Date(today)
  const had = now.getUTCMonth() * 31 + now.getUTCDate() >= born.getUTCMonth() * 31 + born.getUTCDate()
  return now.getUTCFullYear() - born.getUTCFullYear() - (had ? 0 : 1)
}

/** The same day at a time at which people do this: `at` from 0 (first) to 1 (last). The last day is not over yet. */
export function onDay(time: number, firstHour: number, lastHour: number, at: number): number {
  const start = Math.floor(time / day) * day
  const end = Math.min(start + lastHour * hour, today - minute)
  return Math.floor((start + firstHour * hour + (end - start - firstHour * hour) * at) / 1000) * 1000
}
