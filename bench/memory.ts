import { readFileSync, writeFileSync } from 'node:fs'

/** Forgets the greatest memory a process had so far, so that the next reading is of what comes now. */
export function resetPeak(pid: number): void {
  try { writeFileSync(`/proc/${pid}/clear_refs`, '5') } catch { /* another system: the peak since the start is told */ }
}

/** The greatest resident memory of a process since the last reset, in bytes; NaN where the system does not tell. */
export function peakOf(pid: number): number {
  return read(pid, 'VmHWM')
}

export function memoryOf(pid: number): number {
  return read(pid, 'VmRSS')
}

function read(pid: number, name: string): number {
  try {
    const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.[1]) * 1024
  } catch {
    return NaN
  }
}
