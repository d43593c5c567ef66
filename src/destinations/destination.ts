export const destinationKinds = ['kafka', 'webhook', 'email', 'data_bank'] as const
export type DestinationKind = (typeof destinationKinds)[number]

export const saslMechanisms = ['none', 'plain', 'scram-sha-256', 'scram-sha-512'] as const
export type SaslMechanism = (typeof saslMechanisms)[number]

export interface KafkaSettings {
  brokers: string[]; topic: string; clientId: string; sasl: SaslMechanism; username: string; tls: boolean
  /** PEM texts; '' means those of the system, and no certificate of the client. */
  ca: string; certificate: string
}

export interface WebhookSettings {
  url: string
  /** Users in one request. */
  batch: number
  /** It also takes text messages (SMS), for Reach. */
  messages: boolean
}

export interface EmailSettings {
  /** Of its own; otherwise mails go by the server of the installation. */
  ownServer: boolean
  host: string; port: number; security: 'tls' | 'starttls' | 'none'; username: string
  /** `Name <address>`; '' means that of the installation. */
  from: string
  replyTo: string
  /** A mailbox where people unsubscribe by mail; '' means the sender. */
  unsubscribe: string
  perMinute: number
}

/** The matching file is written by pushes; here stand its bounds. */
export interface DataBankSettings { least: number; most: number; rowsPerFile: number }

export interface SettingsOf { kafka: KafkaSettings; webhook: WebhookSettings; email: EmailSettings; data_bank: DataBankSettings }

interface Of<K extends DestinationKind> {
  id: number; name: string; kind: K; settings: SettingsOf[K]
  /** Roles that may use it, besides administrators. */
  roleIds: number[]
  /** Sealed, by their names. */
  secrets: Partial<Record<SecretName, string>>
  testedAt: Date | null
  /** Why the last test failed; '' where it passed, null where there was none. */
  testProblem: string | null
}

export type Destination = { [K in DestinationKind]: Of<K> }[DestinationKind]

export type SecretName = 'password' | 'key' | 'secret'
/** What each kind keeps sealed. */
export const secretsOf: Record<DestinationKind, readonly SecretName[]> = { kafka: ['password', 'key'], webhook: ['secret'], email: ['password'], data_bank: [] }
export type Secrets = Partial<Record<SecretName, string>>

/** May somebody with these roles use it? */
export function mayUse(who: { administrator: boolean; roleIds: readonly number[] }, destination: Pick<Destination, 'roleIds'>): boolean {
  return who.administrator || destination.roleIds.some((id) => who.roleIds.includes(id))
}

/** Kinds that write to people: Reach offers these. A push takes all but e-mail. */
export function takesMessages(destination: Destination): boolean {
  return destination.kind === 'email' || (destination.kind === 'webhook' && destination.settings.messages)
}
