import { setTimeout as sleep } from 'node:timers/promises'
import { DestinationDown, type Outcome, type Outgoing, type Sender } from '../destinations/sender.ts'

/** In milliseconds; tests wait shorter. */
export const patience = { first: 1000, longest: 60_000, /** How long a destination may be down without a break. */ down: 30 * 60_000, /** How often single users are tried again. */ tries: 5 }

/** The destination could not be reached for so long that the run ends here; it can be continued. */
export class Interrupted extends Error {}

/** Longer with every attempt, and never alike for two consoles that wait for one destination. */
function waitFor(attempt: number): number {
  return Math.min(patience.longest, patience.first * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2)
}

/**
 * Sends a batch until every user was taken or refused. While the destination is down the whole batch is tried again under its key; users
 * who are to be tried again go alone, under a key of their own. `told` hears why it waits.
 */
export async function deliver(sender: Sender, batch: readonly Outgoing[], key: string, signal: AbortSignal, told: (why: string) => void): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  let open = batch
  let downSince: number | undefined
  for (let attempt = 0, round = 0; open.length > 0;) {
    try {
      const answered = await sender.send(open, round === 0 ? key : `${key}-again-${round}`, signal)
      downSince = undefined
      attempt = 0
      for (const outcome of answered) outcomes.set(outcome.userId, outcome)
      open = open.filter(({ userId }) => outcomes.get(userId)?.status === 'retry')
      if (open.length === 0) break
      if (++round > patience.tries) {
        for (const { userId } of open) outcomes.set(userId, { userId, status: 'refused', reason: `Tried ${round} times. ${outcomes.get(userId)!.reason}` })
        break
      }
      await sleep(waitFor(round), undefined, { signal })
    } catch (error) {
      if (!(error instanceof DestinationDown)) throw error
      downSince ??= Date.now()
      const wait = error.waitSeconds === null ? waitFor(attempt++) : error.waitSeconds * 1000
      if (error.lasting || Date.now() + wait - downSince > patience.down) throw new Interrupted(error.message)
      told(error.message)
      await sleep(wait, undefined, { signal })
    }
  }
  return outcomes
}
