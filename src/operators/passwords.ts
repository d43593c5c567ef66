import { argon2, randomBytes, randomInt, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>

// 19 MiB and two passes: the least that OWASP advises; about 50 ms, and several at once stay within our memory.
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
// The same letters typed on another keyboard must give the same bytes.
const bytesOf = (password: string) => Buffer.from(password.normalize('NFKC'), 'utf8')

/** The argon2id hash of a password, in the usual text form with its salt and cost. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const hash = await derive('argon2id', { message: bytesOf(password), nonce, tagLength, ...cost })
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(nonce)}$${base64(hash)}`
}

let decoy: Promise<string> | undefined

/** Is it the password of this hash? Takes the same time without a hash, so that an unknown account cannot be told from a wrong password. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const text = stored ?? (await (decoy ??= hashPassword(randomBytes(16).toString('hex'))))
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text)
  if (!parts) throw new Error('A stored password hash has an unknown form.')
  const [memory, passes, parallelism] = parts.slice(1, 4).map(Number) as [number, number, number]
  const hash = Buffer.from(parts[5] as string, 'base64')
  const found = await derive('argon2id', { message: bytesOf(password), nonce: Buffer.from(parts[4] as string, 'base64'), tagLength: hash.length, memory, passes, parallelism })
  return timingSafeEqual(found, hash) && stored !== undefined
}

/** What is wrong with a new password, in words; undefined when it can be taken. */
export function problemOfPassword(password: string, email: string): string | undefined {
  if ([...password].length < 10) return 'The password needs at least 10 characters. A few words in a row are easy to remember.'
  if (password.length > 200) return 'The password can have at most 200 characters.'
  if (new Set(password.toLowerCase()).size < 4) return 'The password repeats too few characters. Use more different ones.'
  const name = email.toLowerCase()
  if (password.toLowerCase() === name || password.toLowerCase() === name.split('@')[0]) return 'The password must not be the e-mail address.'
  return undefined
}

// Without letters and digits that look alike: these are read from a screen and typed.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A code for people to copy by hand, in groups of four: 'k7mq-x2pd'. Each group is worth almost 20 bits. */
export function generateCode(groups: number): string {
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return Array.from({ length: groups }, group).join('-')
}
