import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How long senders may take, in milliseconds. */
export interface Patience {
  /** For the line and the headers of a request, from the connection on. */
  headers: number
  /** In which a body must come forward by `leastBytes`; the whole may take any time. */
  body: number
  leastBytes: number
  /** Without a byte in either direction, but for a request that the console still works at. */
  idle: number
  /** Between two requests of a connection. */
  keepAlive: number
}

export const usualPatience: Patience = { headers: 20_000, body: 30_000, leastBytes: 1024, idle: 120_000, keepAlive: 65_000 }

/** Ends connections that stand still, and requests whose body does or trickles, so that none can be held for nothing. */
export function registerSlowClients(app: FastifyInstance, patience: Pick<Patience, 'body' | 'leastBytes'>): void {
  const worked = new WeakSet<Socket>()
  app.server.on('timeout', (socket: Socket) => { if (!worked.has(socket)) socket.destroy() })
  app.addHook('onSend', async ({ raw }) => { worked.delete(raw.socket) })
  app.addHook('onRequest', async ({ raw, log }, reply) => {
    worked.add(raw.socket)
    if (raw.complete || (raw.headers['transfer-encoding'] === undefined && !Number(raw.headers['content-length']))) return
    let before = raw.socket.bytesRead
    const timer = setInterval(() => {
      const read = raw.socket.bytesRead
      // What lies here unread stands still because of us.
      if (read - before < patience.leastBytes && raw.readableLength === 0) {
        log.info('a body stood still')
        end(raw, reply.raw)
      }
      before = read
    }, patience.body)
    timer.unref()
    const stop = () => { clearInterval(timer) }
    raw.once('end', stop).once('close', stop)
  })
}

/** As Node ends those that are late with their headers. */
function end({ socket }: IncomingMessage, answer: ServerResponse): void {
  if (!answer.headersSent) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
  socket.destroySoon()
}
