import { setTimeout as sleep } from 'node:timers/promises'

/** When the next mail of each destination may go: pushes to one destination share its rate. */
const next = new Map<number, number>()

/** Waits for its turn: so many in a minute, evenly. */
export async function takeTurn(destinationId: number, perMinute: number, signal: AbortSignal): Promise<void> {
  const now = performance.now()
  const at = Math.max(now, next.get(destinationId) ?? 0)
  next.set(destinationId, at + 60_000 / perMinute)
  if (at > now) await sleep(at - now, undefined, { signal })
}
