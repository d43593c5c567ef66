import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from, to } from 'pg-copy-streams'

/** Sends chunks of bytes to `COPY ... FROM STDIN`. The iterable is read no faster than the server takes it. */
export async function copyIn(client: pg.PoolClient, statement: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>, signal?: AbortSignal): Promise<void> {
  await pipeline(chunks, client.query(from(statement)), { signal })
}

/** What `COPY ... TO STDOUT` sends, as it comes. */
export function copyOutBytes(client: pg.PoolClient, statement: string): Readable {
  return client.query(to(statement))
}

/** Lines of `COPY ... TO STDOUT` (text format), without their line ends. Flat in memory: one chunk at a time. */
export async function* copyOut(client: pg.PoolClient, statement: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of client.query(to(statement)) as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest) yield rest
}
