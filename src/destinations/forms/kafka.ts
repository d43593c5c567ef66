import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { FieldMessages } from '../../problem.ts'
import { saslMechanisms, type KafkaSettings } from '../destination.ts'
import { saslLabels } from '../labels.ts'
import { hostPattern, secretField, textIn, type KindForm } from './kind-form.ts'

export const kafkaForm: KindForm<KafkaSettings> = {
  blank: { brokers: '', topic: '', clientId: 'user-360', sasl: 'none', username: '', tls: false, ca: '', certificate: '' },
  valuesOf: (settings) => ({ ...settings, brokers: settings.brokers.join('\n') }),
  check(values) {
    const text = (name: string) => textIn(values, name)
    const settings: KafkaSettings = {
      brokers: [...new Set(text('brokers').split(/[\s,]+/).filter(Boolean))], topic: text('topic'), clientId: text('clientId'), sasl: saslMechanisms.find((one) => one === text('sasl')) ?? 'none',
      username: text('username'), tls: values['tls'] === true, ca: text('ca'), certificate: text('certificate')
    }
    if (settings.sasl === 'none') settings.username = ''
    if (!settings.tls) settings.ca = settings.certificate = ''
    return { settings, messages: problemsOf(settings) }
  },
  placeOf: ({ brokers, sasl, username, tls, ca }) => JSON.stringify([brokers, sasl, username, tls, ca]),
  needed: ({ sasl, certificate }) => [
    ...(sasl === 'none' ? [] : [{ name: 'password' as const, missing: 'Type the password.', bound: true }]), ...(certificate ? [{ name: 'key' as const, missing: 'Paste the private key of the certificate.', bound: false }] : [])
  ],
  checkSecrets({ certificate }, { key }): FieldMessages {
    if (!key) return {}
    if (!certificate) return { certificate: 'Paste the certificate that belongs to the private key.' }
    try {
      return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)) ? {} : { key: 'This private key does not belong to the certificate.' }
    } catch {
      return { key: 'This is no private key without a passphrase. It begins with -----BEGIN PRIVATE KEY-----.' }
    }
  },
  sections: (values, kept) => [
    { legend: 'Topic', shown: '', fields: [
      { id: 'brokers', label: 'Brokers', control: 'textarea', value: textIn(values, 'brokers'), help: 'One or more, such as kafka-1.example.com:9092, one to a line. Kafka 0.10 or later; before 0.11 messages have no headers.' }, { id: 'topic', label: 'Topic', value: textIn(values, 'topic'), help: 'It must be there already.' },
      { id: 'clientId', label: 'Client ID', value: textIn(values, 'clientId'), help: 'How the brokers know this console in their logs.' }
    ] },
    { legend: 'Signing in', shown: '', fields: [{ id: 'sasl', label: 'Way of signing in', control: 'select', value: textIn(values, 'sasl'), options: saslMechanisms.map((value) => ({ value, label: saslLabels[value] })) }] },
    { legend: 'Account', shown: 'sasl', fields: [{ id: 'username', label: 'User name', value: textIn(values, 'username') }, secretField('password', 'Password', kept)] },
    { legend: 'Encryption', shown: '', fields: [{ id: 'tls', label: 'Connection', control: 'switch', checked: values['tls'] === true, value: 'Encrypted (TLS)', help: 'The certificate of the brokers is always checked.' }] },
    { legend: 'Certificates', shown: 'tls', fields: [
      { id: 'ca', label: 'Certificate authority', control: 'textarea', value: textIn(values, 'ca'), help: 'PEM. Leave it empty where the brokers have a certificate that every browser trusts.' },
      { id: 'certificate', label: 'Certificate of this console', control: 'textarea', value: textIn(values, 'certificate'), help: 'PEM, only where the brokers ask for one.' },
      secretField('key', 'Its private key', kept, { control: 'textarea', help: 'PEM, without a passphrase.' })
    ] }
  ]
}

function problemsOf({ brokers, topic, clientId, sasl, username, ca, certificate }: KafkaSettings): FieldMessages {
  const messages: FieldMessages = {}
  const wrong = brokers.find((broker) => { const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(broker) ?? []; return !hostPattern.test(host) || Number(port) < 1 || Number(port) > 65535 })
  if (!brokers.length) messages['brokers'] = 'Name at least one broker.'
  else if (brokers.length > 20) messages['brokers'] = 'Twenty brokers are enough: the client learns of the others from them.'
  else if (wrong !== undefined) messages['brokers'] = `“${wrong}” is no broker. Write its name and port, such as kafka-1.example.com:9092.`
  if (!/^[A-Za-z0-9._-]{1,249}$/.test(topic) || topic === '.' || topic === '..') messages['topic'] = 'A topic has 1 to 249 letters, digits, full stops, underscores and hyphens.'
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(clientId)) messages['clientId'] = 'A client ID has 1 to 100 letters, digits, full stops, underscores and hyphens.'
  if (sasl !== 'none' && !username) messages['username'] = 'Type the user name.'
  if (ca && !isCertificate(ca)) messages['ca'] = notCertificate
  if (certificate && !isCertificate(certificate)) messages['certificate'] = notCertificate
  return messages
}

const notCertificate = 'This is no certificate in PEM form. It begins with -----BEGIN CERTIFICATE-----.'

function isCertificate(text: string): boolean {
  try { return Boolean(new X509Certificate(text)) } catch { return false }
}
