import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

type Test = { teardown(fn: () => unknown): unknown }

/** A port before a Kafka broker that can be cut and come back; brokers say their own port in answers, and here say this one. */
export interface FlakyPort { address: string; cut(): void; restore(): void }

export async function openFlakyPort(t: Test, broker: string): Promise<FlakyPort> {
  const brokerPort = Number(broker.split(':')[1])
  const open = new Set<Socket>()
  let gone = false
  const server = createServer((client) => {
    if (gone) return client.destroy()
    const behind = connect(brokerPort, '127.0.0.1')
    for (const socket of [client, behind]) {
      open.add(socket)
      socket.on('error', () => {}).on('close', () => { open.delete(socket); client.destroy(); behind.destroy() })
    }
    client.pipe(behind)
    behind.on('data', (bytes: Buffer) => { client.write(renamed(bytes)) })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const port = (server.address() as AddressInfo).port
  const [theirs, ours] = [brokerPort, port].map((number) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(number); return bytes }) as [Buffer, Buffer]
  const renamed = (bytes: Buffer) => {
    for (let at = bytes.indexOf(theirs); at >= 0; at = bytes.indexOf(theirs, at + 4)) ours.copy(bytes, at)
    return bytes
  }
  const cut = () => { gone = true; for (const socket of open) socket.destroy() }
  t.teardown(() => { cut(); server.close() })
  return { address: `127.0.0.1:${port}`, cut, restore() { gone = false } }
}
