import type { KafkaConfig, logLevel as levels, SASLOptions } from 'kafkajs'
import kafkajs from 'kafkajs'
import type { KafkaSettings, Secrets } from '../destination.ts'
import { DestinationDown } from '../sender.ts'

/** Where lines of the log go; no secret is in one. */
export interface SenderLog { info(data: object, text: string): void }

/** What the client is given. It connects when first used, and gives up soon: who sends waits and tries again. */
export function kafkaOptions(settings: KafkaSettings, secrets: Secrets, log: SenderLog): KafkaConfig {
  return {
    clientId: settings.clientId, brokers: settings.brokers, connectionTimeout: 5000, authenticationTimeout: 8000, requestTimeout: 30_000,
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 2000 },
    ...(settings.tls ? { ssl: tlsOptions(settings, secrets) } : {}),
    ...(settings.sasl === 'none' ? {} : { sasl: { mechanism: settings.sasl, username: settings.username, password: secrets.password ?? '' } as SASLOptions }),
    logLevel: kafkajs.logLevel.WARN as levels,
    // Of a line only these: others hold what was sent.
    logCreator: () => ({ namespace, log: { message, broker } }) => { log.info({ kafka: namespace, broker: typeof broker === 'string' ? broker : undefined }, `Kafka: ${message}`) }
  }
}

/** The broker's certificate is always checked, against the given authority or those of the system. */
function tlsOptions({ ca, certificate }: KafkaSettings, { key }: Secrets): NonNullable<KafkaConfig['ssl']> {
  return { rejectUnauthorized: true, ...(ca ? { ca: [ca] } : {}), ...(certificate && key ? { cert: certificate, key } : {}) }
}

interface KafkaError extends Error { type?: string; code?: string; apiName?: string; originalError?: unknown }

/** What went wrong, in words: the client's own names no secret but says little. */
export function kafkaDown(error: unknown, { brokers, topic, tls }: KafkaSettings): DestinationDown {
  const found = rootOf(error as KafkaError)
  const where = brokers.length === 1 ? `The broker ${brokers[0]}` : `None of the brokers ${brokers.join(', ')}`
  if (found.apiName === 'SaslHandshake') return new DestinationDown('The brokers know no signing in.', { lasting: true })
  if (found.name === 'KafkaJSSASLAuthenticationError' || /SASL/.test(found.message)) return new DestinationDown('The brokers refuse the user name or the password, or do not offer this way of signing in.', { lasting: true })
  if (found.type === 'UNKNOWN_TOPIC_OR_PARTITION' || /Metadata/.test(found.name)) return new DestinationDown(`There is no topic ${topic}.`, { lasting: true })
  if (found.type?.includes('AUTHORIZATION')) return new DestinationDown(`This user may not write to the topic ${topic}.`, { lasting: true })
  if (/certificate|altname|self.signed|\bTLS\b|\bSSL\b|wrong version number/i.test(`${found.code ?? ''} ${found.message}`)) return new DestinationDown('No safe connection can be made: the certificate of the broker is not trusted, that of this console is refused, or the port speaks no TLS.', { lasting: true })
  if (found.code === 'ECONNRESET' || /closed connection/i.test(found.message)) return new DestinationDown(`The brokers close the connection. ${tls ? 'Does this port speak TLS?' : 'Does this port ask for TLS?'}`)
  if (found.type) return new DestinationDown(`The brokers answer with ${found.type}.`)
  return new DestinationDown(brokers.length === 1 ? `${where} cannot be reached.` : `${where} can be reached.`)
}

/** An error of retries holds the one that mattered. */
function rootOf(error: KafkaError): KafkaError {
  const inner = error.cause ?? error.originalError
  return inner instanceof Error && inner !== error ? rootOf(inner) : error
}
