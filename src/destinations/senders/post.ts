import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { checkedLookup, refuseAddress, type Bounds } from './reachable.ts'

export interface Answer { status: number; retryAfter: string; body: string }

/** One connection to one address, kept open between requests. */
export interface Poster {
  /** Follows no redirect. Rejects where no whole answer came in time. */
  post(body: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer>
  close(): void
}

const mostOfAnswer = 64 * 1024

export function openPoster(address: string, { timeout, privateRanges }: { timeout: number; privateRanges: readonly string[] }): Poster {
  const url = new URL(address)
  const tls = url.protocol === 'https:'
  const bounds: Bounds = { privateRanges, tls }
  const agent = tls ? new HttpsAgent({ keepAlive: true, maxSockets: 1 }) : new HttpAgent({ keepAlive: true, maxSockets: 1 })
  return {
    async post(body, headers, signal) {
      refuseAddress(url.hostname, bounds)
      const bytes = Buffer.from(body)
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeout)])
      return new Promise<Answer>((resolve, reject) => {
        const request = (tls ? requestHttps : requestHttp)(url, {
          method: 'POST', agent, lookup: checkedLookup(bounds), signal: within, headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length, 'user-agent': 'User-360', ...headers }
        }, (response) => { readAnswer(response).then(resolve, reject) })
        request.on('error', reject)
        request.end(bytes)
      })
    },
    close() { agent.destroy() }
  }
}

/** The beginning of an answer; a longer one is cut off with its connection. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostOfAnswer) break
  }
  return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? '', body: size > mostOfAnswer ? '' : Buffer.concat(chunks).toString('utf8') }
}
