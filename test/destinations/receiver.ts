import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Test = { teardown(fn: () => unknown): unknown }
export interface Taken { headers: IncomingHttpHeaders; body: string; at: number }
export interface Receiver { url: string; taken: Taken[] }

/** A real HTTP server that answers as it is told, request by request. */
export async function openReceiver(t: Test, answer: (response: ServerResponse, turn: number, taken: Taken) => void): Promise<Receiver> {
  const taken: Taken[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk }).on('end', () => {
      taken.push({ headers: request.headers, body, at: Date.now() })
      answer(response, taken.length, taken.at(-1)!)
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/users`, taken }
}
