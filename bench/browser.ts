import { Agent, get } from 'node:http'

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
    return new Promise((resolve, reject) => {
      const start = performance.now()
      get(this.address + path, { agent: this.#agent, headers: { cookie: this.cookie } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => { resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), milliseconds: performance.now() - start }) })
      }).on('error', reject)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
