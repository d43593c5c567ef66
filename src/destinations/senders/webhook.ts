import type { Secrets, WebhookSettings } from '../destination.ts'
import { DestinationDown, schemaVersion, type Outcome, type SendContext, type Sender } from '../sender.ts'
import { openPoster } from './post.ts'
import { tryAgain, type Patience } from './try-again.ts'
import { bodyOf, prepare, signed } from './webhook-body.ts'

export interface WebhookTools { aesKey: string | null; privateRanges: readonly string[]; patience?: Patience; timeout?: number }

type Ready = { userId: string; json: string }

// Receivers seldom take more in one request.
const mostBytes = 1_000_000
// A receiver that finds fault with everything is asked about single users this often, then with whole batches again.
const mostHalvings = 500

/** Posts a batch as JSON, signed, under a key that is the same when it is repeated. */
export function openWebhook(settings: WebhookSettings, { secret = '' }: Secrets, context: SendContext, tools: WebhookTools): Sender {
  const poster = openPoster(settings.url, { timeout: tools.timeout ?? 30_000, privateRanges: tools.privateRanges })
  let halvings = 0

  async function sendPart(part: readonly Ready[], key: string, signal: AbortSignal): Promise<Outcome[]> {
    const body = bodyOf(part, context)
    const { status, body: said } = await tryAgain(() => poster.post(body, signed(body, secret, key), signal), signal, tools.patience)
    if (status >= 200 && status < 300) return outcomesOf(part, said)
    // One user of the batch may be what is refused.
    if ([400, 413, 422].includes(status) && part.length > 1 && halvings < mostHalvings) {
      halvings++
      const half = part.length >> 1
      return [...await sendPart(part.slice(0, half), `${key}/1`, signal), ...await sendPart(part.slice(half), `${key}/2`, signal)]
    }
    const reason = status < 400 ? `The receiver answers with a redirect (${status}), which is not followed.` : `The receiver refuses it (${status}).`
    return part.map(({ userId }) => ({ userId, status: 'refused', reason }))
  }

  return {
    batchSize: settings.batch,
    async send(batch, key, signal) {
      const prepared = prepare(batch, context, tools.aesKey)
      const outcomes = new Map(prepared.flatMap((one) => ('status' in one ? [[one.userId, one] as const] : [])))
      const parts = partsOf(prepared.filter((one): one is Ready => 'json' in one))
      for (const [at, part] of parts.entries()) {
        for (const outcome of await sendPart(part, parts.length === 1 ? key : `${key}.${at + 1}`, signal)) outcomes.set(outcome.userId, outcome)
      }
      return batch.map(({ userId }) => outcomes.get(userId)!)
    },
    async close() { poster.close() }
  }
}

/** Cuts a batch where its body grows too large; the same batch always in the same places. */
function partsOf(users: readonly Ready[]): Ready[][] {
  const parts: Ready[][] = []
  let bytes = Infinity
  for (const user of users) {
    const size = Buffer.byteLength(user.json) + 1
    if (bytes + size > mostBytes) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)!.push(user)
    bytes += size
  }
  return parts
}

/** An answer may name users that the receiver did not take: {"refused": [{"userId": "12", "reason": "…"}]}. */
function outcomesOf(part: readonly Ready[], said: string): Outcome[] {
  const refused = new Map(refusalsIn(said))
  return part.map(({ userId }) => (refused.has(userId) ? { userId, status: 'refused', reason: refused.get(userId)! } : { userId, status: 'sent', reason: '' }))
}

function refusalsIn(said: string): [string, string][] {
  let answer: unknown
  try { answer = JSON.parse(said) } catch { return [] }
  const list = (answer as { refused?: unknown } | null)?.refused
  if (!Array.isArray(list)) return []
  return list.flatMap((one: { userId?: unknown; reason?: unknown } | null): [string, string][] => {
    const reason = typeof one?.reason === 'string' ? one.reason.replaceAll(/[\s\p{C}]+/gu, ' ').trim().slice(0, 200) : ''
    return one?.userId === undefined ? [] : [[String(one.userId), reason ? `The receiver refuses this user: ${reason}` : 'The receiver refuses this user.']]
  })
}

/** A signed request without users. Answers in words what came back, or throws DestinationDown. */
export async function testWebhook(settings: WebhookSettings, { secret = '' }: Secrets, tools: WebhookTools): Promise<string> {
  const poster = openPoster(settings.url, { timeout: tools.timeout ?? 5000, privateRanges: tools.privateRanges })
  const body = JSON.stringify({ schemaVersion, type: 'test' })
  try {
    const { status } = await tryAgain(() => poster.post(body, signed(body, secret, `test-${Date.now()}`), AbortSignal.timeout(8000)), new AbortController().signal, { waits: [] })
    if (status >= 200 && status < 300) return `The receiver took a signed request without users (${status}).`
    throw new DestinationDown(status < 400 ? `The receiver answers with a redirect (${status}), which is not followed: write the address to which it leads.` : `The receiver answers, but refuses the request (${status}).`, { lasting: true })
  } finally {
    poster.close()
  }
}
