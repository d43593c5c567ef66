import { isIP } from 'node:net'
import pg from 'pg'
import { to } from 'pg-copy-streams'

/** Where another database is, and as whom it is entered. */
export interface OtherAddress { host: string; port: number; database: string; user: string; password: string; tls: boolean; ca: string | null }

const answerWithin = 8_000
const cancelWithin = 5_000

function clientOf(address: OtherAddress): pg.Client {
  const { tls, ca, ...place } = address
  const client = new pg.Client({
    ...place, application_name: 'user-360', connectionTimeoutMillis: answerWithin, keepAlive: true, keepAliveInitialDelayMillis: 10_000,
    // A certificate for an address is compared with `host`: the driver itself names the server only where that is a name.
    ssl: tls ? { rejectUnauthorized: true, ...(ca ? { ca } : {}), ...(isIP(address.host) ? { host: address.host } : {}) } as pg.ClientConfig['ssl'] & object : false
  })
  // What breaks is told by the statement at work; without a listener it would end the process.
  client.on('error', () => {})
  return client
}

/** One transaction in another database, that sees one state of it and can only read. */
export interface OtherRead {
  rows<T>(statement: string, values?: unknown[]): Promise<T[]>
  /** The bytes of a `COPY ... TO STDOUT`, no faster than they are taken. */
  copy(statement: string): AsyncGenerator<Buffer>
  /** Ends the statement at work from another connection. */
  cancel(): Promise<void>
  close(): Promise<void>
}

// Each inside the transaction, as a pooler in between may give the next transaction to another server process.
const settings = `set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local timezone = 'UTC'; set local bytea_output = 'hex'; set local extra_float_digits = 3; set local client_encoding = 'UTF8'; set local lock_timeout = '30s'`

/** Begins to read another database; to be closed. Numbers and times arrive as text. `seconds`: no statement may take longer; 0 for as long as it takes. */
export async function openRead(address: OtherAddress, seconds: number): Promise<OtherRead> {
  const client = clientOf(address)
  try {
    await client.connect()
    await client.query('begin transaction isolation level repeatable read read only')
    await client.query(`${settings}; set local statement_timeout = ${Math.round(seconds * 1000)}; set local idle_in_transaction_session_timeout = 0`)
    const { rows: [own] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return {
      rows: async <R>(statement: string, values: unknown[] = []) => (await client.query({ text: statement, values, types: { getTypeParser: () => (text: string) => text } })).rows as R[],
      copy: (statement) => copyFrom(client, statement), cancel: () => cancelOther(address, own?.pid ?? 0), close: () => closed(client)
    }
  } catch (error) {
    await closed(client)
    throw error
  }
}

/** The same for one act. */
export async function readOther<T>(address: OtherAddress, seconds: number, act: (read: OtherRead) => Promise<T>): Promise<T> {
  const read = await openRead(address, seconds)
  try {
    return await act(read)
  } finally {
    await read.close()
  }
}

async function* copyFrom(client: pg.Client, statement: string): AsyncGenerator<Buffer> {
  yield* client.query(to(statement)) as AsyncIterable<Buffer>
}

/** A role may end its own statements, so this needs no further right. */
async function cancelOther(address: OtherAddress, pid: number): Promise<void> {
  const client = clientOf(address)
  try {
    await client.connect()
    await client.query('select pg_cancel_backend($1)', [pid])
  } finally {
    await closed(client)
  }
}

/** A connection in the middle of something does not end by being asked to. */
async function closed(client: pg.Client): Promise<void> {
  const stream = (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream
  const timer = setTimeout(() => stream.destroy(), cancelWithin)
  await client.end().catch(() => {})
  clearTimeout(timer)
  stream.destroy()
}
