import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const hasProc = process.platform === 'linux'

function proc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}

// Fields of /proc/PID/stat after the name, which may itself hold spaces and brackets.
function stat(pid: number): string[] | undefined {
  const text = proc(pid, 'stat')
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Does this process run? A zombie does not: nobody may ever collect it where node is process 1. */
export function isRunning(pid: number): boolean {
  if (hasProc) {
    const state = stat(pid)?.[0]
    return state !== undefined && state !== 'Z' && state !== 'X'
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process began: tells it from a later one with the same number, also after a reboot. */
export function birthOf(pid: number): string {
  if (!hasProc) return ''
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${stat(pid)?.[19] ?? ''}`
}

/** The command line or title of a process; empty when it is gone. */
export function commandOf(pid: number): string {
  if (hasProc) return proc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() ?? ''
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

/** Running processes of one system user whose command line fits; none where there is no /proc. */
export function processesOf(uid: number, fits: (command: string) => boolean): number[] {
  if (!hasProc) return []
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return statSync(`/proc/${pid}`).uid === uid && fits(commandOf(pid)) && isRunning(pid)
    } catch {
      return false
    }
  })
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Waits until the condition holds; false when it did not within the time. */
export async function waitUntil(condition: () => boolean, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds
  while (!condition()) {
    if (performance.now() > end) return false
    await sleep(20)
  }
  return true
}
