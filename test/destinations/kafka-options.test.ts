import { logLevel } from 'kafkajs'
import t from 'tap'
import type { KafkaSettings } from '../../src/destinations/destination.ts'
import { kafkaOptions } from '../../src/destinations/senders/kafka-client.ts'

const plain: KafkaSettings = { brokers: ['a:9092', 'b:9092'], topic: 'users', clientId: 'crm', sasl: 'none', username: '', tls: false, ca: '', certificate: '' }
const log = { info() {} }

t.test('the client signs in and encrypts as the form says', async (t) => {
  const bare = kafkaOptions(plain, {}, log)
  t.match(bare, { clientId: 'crm', brokers: ['a:9092', 'b:9092'], logLevel: logLevel.WARN })
  t.notOk(bare.ssl)
  t.notOk(bare.sasl)
  for (const sasl of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) t.same(kafkaOptions({ ...plain, sasl, username: 'ann' }, { password: 'geheim' }, log).sasl, { mechanism: sasl, username: 'ann', password: 'geheim' })
  t.same(kafkaOptions({ ...plain, tls: true }, {}, log).ssl, { rejectUnauthorized: true }, 'by the authorities of the system')
  t.same(kafkaOptions({ ...plain, tls: true, ca: 'CA', certificate: 'CERT' }, { key: 'KEY' }, log).ssl, { rejectUnauthorized: true, ca: ['CA'], cert: 'CERT', key: 'KEY' })
  t.same(kafkaOptions({ ...plain, tls: true, certificate: 'CERT' }, {}, log).ssl, { rejectUnauthorized: true }, 'a certificate without its key is none')
})

t.test('lines of the client go to our log without what was sent', async (t) => {
  const lines: unknown[] = []
  const { logCreator } = kafkaOptions({ ...plain, sasl: 'plain', username: 'ann' }, { password: 'geheim' }, { info: (data, text) => lines.push([data, text]) })
  const entry = { namespace: 'Connection', level: logLevel.ERROR, label: 'ERROR', log: { timestamp: '', message: 'Response Metadata failed', broker: 'a:9092', payload: 'geheim', error: 'geheim' } } as unknown as Parameters<ReturnType<NonNullable<typeof logCreator>>>[0]
  logCreator!(logLevel.WARN)(entry)
  t.same(lines, [[{ kafka: 'Connection', broker: 'a:9092' }, 'Kafka: Response Metadata failed']])
})
