export interface RateLimit { requests: number; seconds: number }

/**
 * Counts what each asks. Answers 0 where it may go on, else the seconds to wait: what is used up comes back evenly, so
 * nobody waits for the end of a window. One process serves, so its memory is enough.
 */
export function rateLimiter({ requests, seconds }: RateLimit, now: () => number = Date.now): (who: number) => number {
  const rooms = new Map<number, { left: number; at: number }>()
  const perMillisecond = requests / (seconds * 1000)
  return (who) => {
    const at = now()
    const room = rooms.get(who) ?? { left: requests, at }
    const left = Math.min(requests, room.left + (at - room.at) * perMillisecond)
    const enough = left >= 1
    rooms.set(who, { left: enough ? left - 1 : left, at })
    return enough ? 0 : Math.max(1, Math.ceil((1 - left) / perMillisecond / 1000))
  }
}
