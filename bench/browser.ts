import { Agent, request } from 'node:http'

export interface Answer { status: number; body: string; milliseconds: number }

/** One signed-in visitor with one connection that stays open. */
export class Browser {
  readonly address: string
  readonly cookie: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  constructor(address: string, cookie: string) {
    this.address = address
    this.cookie = cookie
  }

  /** Asks for a page; the time is that from sending to the last byte. */
  get(path: string): Promise<Answer> {
    return this.#send('GET', path, {}, '')
  }

  /** Sends a form as the pages do, with the token of the session. */
  send(method: 'POST' | 'PATCH', path: string, token: string, form: Record<string, string>): Promise<Answer> {
    return this.#send(method, path, { 'content-type': 'application/x-www-form-urlencoded', 'x-csrf-token': token }, new URLSearchParams(form).toString())
  }

  #send(method: string, path: string, headers: Record<string, string>, body: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const start = performance.now()
      const sent = request(this.address + path, { method, agent: this.#agent, headers: { cookie: this.cookie, ...headers } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => { resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), milliseconds: performance.now() - start }) })
      }).on('error', reject)
      sent.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
