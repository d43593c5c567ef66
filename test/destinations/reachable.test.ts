import type { lookup } from 'node:dns'
import t from 'tap'
import { openPoster } from '../../src/destinations/senders/post.ts'
import { checkedLookup, isReachable } from '../../src/destinations/senders/reachable.ts'
import { openReceiver } from './receiver.ts'

const outside = { privateRanges: [], tls: true }

t.test('addresses of no public network are not reached, however they are written', async (t) => {
  const inner = [
    '127.0.0.1', '127.8.9.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '255.255.255.255', '224.0.0.1', '198.18.0.1', '192.0.0.8',
    '::1', '::', 'fe80::1', 'fe80::1%eth0', 'fd00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '::10.0.0.1', '64:ff9b::10.0.0.1', '64:ff9b:1::a00:1', '2002:a00:1::', '2001:0:a00:1::', '2001:db8::1', 'not an address', ''
  ]
  for (const address of inner) t.notOk(isReachable(address, outside), address)
  for (const address of ['1.1.1.1', '8.8.8.8', '2606:4700:4700::1111', '::ffff:1.1.1.1']) t.ok(isReachable(address, outside), address)
  for (const address of ['1.1.1.1', '2606:4700:4700::1111']) t.notOk(isReachable(address, { privateRanges: [], tls: false }), `${address} without TLS`)
})

t.test('ranges that the installation allows are reached, and no others', async (t) => {
  const bounds = { privateRanges: ['10.1.0.0/16', 'fd00:1::/32'], tls: false }
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::7']) t.ok(isReachable(address, bounds), address)
  for (const address of ['10.2.0.1', 'fd00:2::7', '127.0.0.1', '1.1.1.1']) t.notOk(isReachable(address, bounds), address)
})

t.test('a name is looked up once, and one inner address refuses it', async (t) => {
  let asked = 0
  const answering = (addresses: string[]) => ((_host: string, _options: object, callback: (error: null, found: object[]) => void) => { asked++; callback(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))) }) as unknown as typeof lookup
  const look = (addresses: string[]) => new Promise<unknown>((resolve) => { checkedLookup(outside, answering(addresses))('hooks.example.com', { all: true }, (error, found) => { resolve(error ?? found) }) })
  t.same(await look(['1.1.1.1', '2606:4700::1']), [{ address: '1.1.1.1', family: 4 }, { address: '2606:4700::1', family: 6 }])
  t.match(await look(['1.1.1.1', '10.0.0.1']), { lasting: true, message: 'hooks.example.com is at a private address, and this installation does not allow webhooks to go there.' })
  t.match(await look([]), { lasting: true })
  t.equal(asked, 3)
})

t.test('no request leaves for an inner address, by number or by name', async (t) => {
  const { url, taken } = await openReceiver(t, (response) => { response.end() })
  const { port } = new URL(url)
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost']) {
    const poster = openPoster(`http://${host}:${port}/`, { timeout: 1000, privateRanges: ['10.0.0.0/8'] })
    await t.rejects(poster.post('{}', {}, new AbortController().signal), { lasting: true, message: /is (at a private address|not at an address)/ }, host)
    poster.close()
  }
  t.equal(taken.length, 0)
  const poster = openPoster(`http://localhost:${port}/`, { timeout: 1000, privateRanges: ['127.0.0.0/8', '::1/128'] })
  t.teardown(() => { poster.close() })
  t.match(await poster.post('{}', {}, new AbortController().signal), { status: 200 })
})
