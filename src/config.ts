import { isIP } from 'node:net'
import { isAbsolute, resolve } from 'node:path'

export interface Config {
  /** An outside PostgreSQL; undefined means the embedded one under dataDir. */
  databaseUrl: string | undefined
  /** Absolute folder of uploads, secrets and the embedded database. */
  dataDir: string
  port: number
  host: string
  /** IANA name: times on pages and in files without a zone of their own are read in it. */
  timeZone: string
  logLevel: LogLevel
  /** The installation's AES key for encrypted IDs. */
  aesKey: string | undefined
  /** Undefined means: a generated one, kept in a file under dataDir. */
  sessionSecret: string | undefined
  secureCookies: boolean | 'auto'
  /** Whose word about the sender of a request is taken: addresses and networks, or how many proxies stand in a row. */
  trustProxy: readonly string[] | number
  /** The server that takes mails, with its password; undefined means that nothing is mailed. */
  smtpUrl: string | undefined
  mailFrom: string | undefined
  /** Where operators reach the console, without a slash at the end; for links in mails. */
  publicUrl: string | undefined
  /** Private addresses that webhooks may reach, as ranges: 10.1.0.0/16. */
  privateRanges: readonly string[]
  /** What opens /metrics; undefined means that there is none. */
  metricsToken: string | undefined
  /** False only where NODE_ENV says development or test: views are then read anew and checked. */
  production: boolean
}

/** What reaches out of this process needs of it. */
export type Outside = Pick<Config, 'smtpUrl' | 'mailFrom' | 'publicUrl' | 'privateRanges'>

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** Everything that is wrong with the environment, in words, at once. */
export class ConfigProblems extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigProblems'
    this.problems = problems
  }
}

type Read<T> = { value: T } | { problem: string }
const value = <T>(read: T): Read<T> => ({ value: read })
const problem = (text: string): Read<never> => ({ problem: text })

/** The settings an environment asks for, frozen. Throws ConfigProblems with every mistake in it. */
export function loadConfig(env: Record<string, string | undefined>): Readonly<Config> {
  const problems: string[] = []
  // An empty variable is what compose files make of an unset one.
  const read = <T>(name: string, fallback: T, parse: (text: string) => Read<T>): T => {
    const text = env[name]?.trim()
    if (!text) return fallback
    const result = parse(text)
    if ('value' in result) return result.value
    problems.push(`${name}: ${result.problem}`)
    return fallback
  }
  const config: Config = {
    databaseUrl: read<string | undefined>('DATABASE_URL', undefined, databaseUrl),
    dataDir: read('DATA_DIR', resolve('data'), (text) => value(isAbsolute(text) ? text : resolve(text))),
    port: read('PORT', 3600, port),
    host: read('HOST', '127.0.0.1', host),
    timeZone: read('TZ', new Intl.DateTimeFormat().resolvedOptions().timeZone, timeZone),
    logLevel: read<LogLevel>('LOG_LEVEL', 'info', logLevel),
    aesKey: read<string | undefined>('AES_KEY', undefined, aesKey),
    sessionSecret: read<string | undefined>('SESSION_SECRET', undefined, sessionSecret),
    secureCookies: read<boolean | 'auto'>('SECURE_COOKIES', 'auto', secureCookies),
    trustProxy: read<readonly string[] | number>('TRUST_PROXY', ['loopback'], trustProxy),
    smtpUrl: read<string | undefined>('SMTP_URL', undefined, smtpUrl),
    mailFrom: read<string | undefined>('MAIL_FROM', undefined, mailFrom),
    publicUrl: read<string | undefined>('PUBLIC_URL', undefined, publicUrl),
    privateRanges: read<readonly string[]>('PRIVATE_RANGES', [], privateRanges),
    metricsToken: read<string | undefined>('METRICS_TOKEN', undefined, metricsToken),
    production: !['development', 'test'].includes(env['NODE_ENV'] ?? '')
  }
  if (config.smtpUrl && !env['MAIL_FROM']?.trim()) problems.push('MAIL_FROM: it is needed where SMTP_URL is set. Write the sender of mails, such as User 360 <console@example.com>.')
  if (problems.length > 0) throw new ConfigProblems(problems)
  return Object.freeze(config)
}

// Values that may hold a password are never repeated in a message.
function databaseUrl(text: string): Read<string> {
  const url = URL.parse(text)
  if (!url) return problem('this is not an address. It looks like postgres://name:password@host:5432/database; special characters in the password are written as %40 and so on.')
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') return problem(`the address must begin with postgres://, not with ${url.protocol}//. Leave it out to use the embedded database.`)
  if (url.pathname.length < 2) return problem('the name of the database is missing at the end of the address.')
  return value(text)
}

function port(text: string): Read<number> {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  return number >= 0 && number <= 65535 ? value(number) : problem(`"${text}" is not a port. Write a number from 1 to 65535, or 0 for any free port.`)
}

function host(text: string): Read<string> {
  return /^[A-Za-z0-9.:_-]+$/.test(text) ? value(text) : problem(`"${text}" is not a host name or address. Write 127.0.0.1 for this machine only, or 0.0.0.0 for every network it is in.`)
}

function timeZone(text: string): Read<string> {
  try {
    return value(new Intl.DateTimeFormat('en', { timeZone: text.replace(/^:/, '') }).resolvedOptions().timeZone)
  } catch {
    return problem(`"${text}" is not a time zone. Write a name such as Asia/Shanghai, Europe/Berlin or UTC.`)
  }
}

function logLevel(text: string): Read<LogLevel> {
  const level = logLevels.find((name) => name === text.toLowerCase())
  return level ? value(level) : problem(`"${text}" is not a level. Choose one of ${logLevels.join(', ')}.`)
}

function aesKey(text: string): Read<string> {
  return /^[0-9A-Fa-f]{16}$/.test(text) ? value(text) : problem('the key must have exactly 16 characters, each 0-9 or A-F.')
}

function sessionSecret(text: string): Read<string> {
  return text.length >= 32 ? value(text) : problem('it must have at least 32 characters. Leave it out and one is made and kept in the data folder.')
}

function metricsToken(text: string): Read<string> {
  return /^[A-Za-z0-9._~+/=-]{16,}$/.test(text) ? value(text) : problem('it must have at least 16 characters, each a letter, a digit or one of . _ ~ + / = -. Leave it out and there is no /metrics.')
}

function secureCookies(text: string): Read<boolean | 'auto'> {
  const choices: Record<string, boolean | 'auto'> = { true: true, false: false, auto: 'auto' }
  const choice = choices[text.toLowerCase()]
  return choice === undefined ? problem(`"${text}" is not known. Write true (HTTPS only), false, or auto (as the request came).`) : value(choice)
}

const namedNetworks = ['loopback', 'linklocal', 'uniquelocal']

function trustProxy(text: string): Read<readonly string[] | number> {
  if (/^\d+$/.test(text)) return Number(text) <= 10 ? value(Number(text)) : problem(`"${text}" is not a number of proxies. Write how many stand in a row in front of the console, from 0 to 10.`)
  const networks = text.split(/[\s,]+/).filter(Boolean)
  if (networks.length === 0) return problem('no address stands in it. Leave it out to trust proxies on this machine, or write 0 to trust none.')
  const wrong = networks.find((network) => !namedNetworks.includes(network) && !isNetwork(network))
  return wrong === undefined ? value(networks) : problem(`"${wrong}" is no address of a proxy. Write addresses or networks with commas between them, such as 10.0.0.5, 172.16.0.0/12, or ${namedNetworks.join(', ')}; or the number of proxies in a row.`)
}

/** An address, with or without the bits of its network; undefined for anything else. */
function networkOf(text: string): { address: string; bits: string | undefined } | undefined {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length) return undefined
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)) ? { address, bits } : undefined
}

/** A scope such as %eth0 is part of an address of this machine alone, and a network without bits is everybody. */
function isNetwork(text: string): boolean {
  const network = networkOf(text)
  return network !== undefined && !network.address.includes('%') && !network.bits?.startsWith('0')
}

function smtpUrl(text: string): Read<string> {
  const url = URL.parse(text)
  return url && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname ? value(text) : problem('this is not the address of a mail server. It looks like smtp://name:password@mail.example.com:587 or smtps://...:465; special characters in the password are written as %40 and so on.')
}

function mailFrom(text: string): Read<string> {
  return /^([^<>\r\n]*<[^\s@<>"]+@[^\s@<>"]+>|[^\s@<>"]+@[^\s@<>"]+)$/.test(text) ? value(text) : problem(`"${text}" is not a sender. Write an address, or User 360 <console@example.com>.`)
}

function publicUrl(text: string): Read<string> {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.pathname !== '/' || url.search || url.hash) return problem('this is not the address of the console. Write the beginning of it alone, such as https://console.example.com.')
  return value(url.origin)
}

function privateRanges(text: string): Read<readonly string[]> {
  const ranges = text.split(/[\s,]+/).filter(Boolean)
  const wrong = ranges.find((range) => networkOf(range)?.bits === undefined)
  return wrong === undefined ? value(Object.freeze(ranges)) : problem(`"${wrong}" is not a range of addresses. Write some such as 10.1.0.0/16 or fd00:1::/32, with a space between them; one address alone is 10.1.2.3/32.`)
}

