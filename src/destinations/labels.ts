import type { DestinationKind, SaslMechanism } from './destination.ts'

export const kindLabels: Record<DestinationKind, string> = { kafka: 'Kafka', webhook: 'Webhook', email: 'E-mail', data_bank: 'Data Bank file' }

/** What each kind is for, in a line. */
export const kindTexts: Record<DestinationKind, string> = {
  kafka: 'One message per user into a topic, for programs that read along.', webhook: 'Signed batches of JSON to an address of yours, also for text messages (SMS).',
  email: 'Mails to the people of a group, by a mail server of its own or that of the console.', data_bank: 'A matching file of hashed IDs, to upload to Data Bank by hand.'
}

export const saslLabels: Record<SaslMechanism, string> = { none: 'No signing in', plain: 'SASL PLAIN', 'scram-sha-256': 'SASL SCRAM-SHA-256', 'scram-sha-512': 'SASL SCRAM-SHA-512' }

/** What the history calls each setting. */
export const settingLabels: Record<string, string> = {
  brokers: 'brokers', topic: 'topic', clientId: 'client ID', sasl: 'signing in', username: 'user name', tls: 'TLS', ca: 'certificate authority', certificate: 'certificate', url: 'address', batch: 'users in a request', messages: 'takes text messages',
  ownServer: 'mail server of its own', host: 'mail server', port: 'port', security: 'encryption', from: 'sender', replyTo: 'answers to', unsubscribe: 'mailbox for unsubscribing', perMinute: 'mails in a minute',
  least: 'fewest users', most: 'most users', rowsPerFile: 'rows in a file', password: 'password', key: 'private key', secret: 'secret'
}
