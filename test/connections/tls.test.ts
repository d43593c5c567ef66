import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { startEmbedded } from '../../src/db/embedded.ts'
import { readOther } from '../../src/db/other-database.ts'
import { testConnection } from '../../src/connections/test-connection.ts'
import { makeCertificate } from './certificate.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => { server.close(resolve) })
  return port
}

t.test('with TLS a certificate is checked: who signed it, and for whom it is', { timeout: 120_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'u360-tls-'))
  // As root the server's user must be able to enter.
  chmodSync(folder, 0o711)
  const server = await startEmbedded({ dataDir: join(folder, 'data'), log: () => {}, port: await freePort(), durable: false })
  t.teardown(async () => { await server.stop(); rmSync(folder, { recursive: true, force: true }) })
  const { certificate, key } = makeCertificate('127.0.0.1')
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  // Written by the server, whose own they have to be.
  for (const [name, text] of [['test.crt', certificate], ['test.key', key]] as const) await client.query(`copy (select unnest(string_to_array('${text.trim()}', E'\\n'))) to program 'umask 077; cat > ${name}'`)
  for (const [name, value] of [['ssl_cert_file', 'test.crt'], ['ssl_key_file', 'test.key'], ['ssl', 'on']]) await client.query(`alter system set ${name} = '${value}'`)
  await client.query('select pg_reload_conf()')
  for (let turn = 0; (await client.query('show ssl')).rows[0].ssl !== 'on'; turn++) { if (turn > 50) throw new Error('the server does not begin TLS'); await sleep(100) }
  await client.end()

  const url = new URL(server.url)
  const address = { host: '127.0.0.1', port: Number(url.port), database: url.pathname.slice(1), user: url.username, password: decodeURIComponent(url.password), tls: true, ca: certificate }
  const words = async (change: Partial<typeof address> | { ca: null }) => (await testConnection({ ...address, ...change }, { name: 'CRM' })).words
  t.match(await words({}), /^It works: PostgreSQL 18.* by TLS\.$/)
  t.match(await readOther(address, 5, (read) => read.rows('select ssl from pg_stat_ssl where pid = pg_backend_pid()')), [{ ssl: 't' }], 'it is encrypted')
  t.equal(await words({ ca: null }), 'Its certificate is signed by an authority that is not known here. Paste the certificate of that authority.')
  t.equal(await words({ ca: makeCertificate('127.0.0.1').certificate }), 'Its certificate is signed by an authority that is not known here. Paste the certificate of that authority.')
  t.equal(await words({ host: 'localhost' }), 'Its certificate is not for localhost.')
  t.match(await words({ tls: false }), /^It works: PostgreSQL 18[^T]*$/)
})
