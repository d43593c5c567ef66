const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export function formatNumber(count: number | string | bigint): string {
  return whole.format(BigInt(count))
}

/** A numeric as the database holds it, with separators: 12,480.00. */
export function formatDecimal(text: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text)
  return match ? `${match[1]}${match[2]!.replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}` : text
}

/** A number with its noun: "1 row", "1,204 rows". */
export function formatCount(count: number | string | bigint, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${BigInt(count) === 1n ? one : many}`
}

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  while (bytes >= 1000 && at < units.length - 1) { bytes /= 1000; at++ }
  return `${at === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1).replace(/\.0$/, '')} ${bytes === 1 && at === 0 ? 'byte' : units[at]}`
}

/** "about 1.2 million": a count that was estimated must not look exact. */
export function formatAbout(count: number): string {
  if (count >= 1e9) return `about ${(count / 1e9).toFixed(1).replace(/\.0$/, '')} billion`
  if (count >= 1e6) return `about ${(count / 1e6).toFixed(1).replace(/\.0$/, '')} million`
  const digits = Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1)
  return `about ${formatNumber(Math.round(count / 10 ** digits) * 10 ** digits)}`
}

/** 2026-11-19 02:10 in the time zone of the installation. */
export function formatTime(at: Date, timeZone: string, seconds = false): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}${seconds ? `:${part('second')}` : ''}`
}

/** "1 min 52 s", "3 h 4 min", "0.8 s". */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
