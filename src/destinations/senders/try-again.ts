import { setTimeout as sleep } from 'node:timers/promises'
import { DestinationDown } from '../sender.ts'
import type { Answer } from './post.ts'

export interface Patience {
  /** Milliseconds between attempts, the first to the second and so on; each is made up to a half shorter by chance. */
  waits: readonly number[]
  /** The longest time, in seconds, that a Retry-After is waited for here; for longer ones the caller waits. */
  mostSeconds?: number
}

const patient: Patience = { waits: [500, 1500, 4000] }

/** Asks until there is an answer to go by. Throws DestinationDown where the last attempt found nobody, or the receiver asks to wait for long. */
export async function tryAgain(ask: () => Promise<Answer>, signal: AbortSignal, { waits, mostSeconds = 30 }: Patience = patient): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted()
    const problem = await attemptOnce(ask, signal)
    if ('status' in problem) return problem
    const { down } = problem
    const wait = waits[attempt]
    if (down.lasting || wait === undefined || (down.waitSeconds ?? 0) > mostSeconds) throw down
    await sleep(down.waitSeconds === null ? wait * (0.5 + Math.random() / 2) : down.waitSeconds * 1000, undefined, { signal })
  }
}

async function attemptOnce(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer | { down: DestinationDown }> {
  try {
    const answer = await ask()
    if (answer.status < 500 && ![408, 425, 429].includes(answer.status)) return answer
    const waitSeconds = secondsOf(answer.retryAfter)
    return { down: new DestinationDown(answer.status === 429 ? 'The receiver takes no more requests for now (429).' : `The receiver has a fault (${answer.status}).`, { waitSeconds }) }
  } catch (error) {
    if (signal.aborted) throw error
    return { down: error instanceof DestinationDown ? error : new DestinationDown(wordsOf(error as NodeJS.ErrnoException)) }
  }
}

/** Retry-After: a number of seconds, or a date. */
function secondsOf(text: string): number | null {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000))
}

function wordsOf({ name, code = '', message }: NodeJS.ErrnoException): string {
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ABORT_ERR') return 'The receiver does not answer in time.'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name of the receiver cannot be found.'
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'The receiver cannot be reached.'
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code) || /certificate/i.test(message)) return 'No safe connection can be made: the certificate of the receiver is not trusted.'
  return 'The connection to the receiver broke off.'
}
