import { createCipheriv, createDecipheriv } from 'node:crypto'

/**
 * AES as MySQL's AES_ENCRYPT does it by default: AES-128 in ECB mode with PKCS7 padding, the key being 16 characters.
 * Source: MySQL 8.4 Reference Manual, "Encryption and Compression Functions", AES_ENCRYPT() and block_encryption_mode.
 */
const mode = 'aes-128-ecb'

/** Decrypts hex or base64 text; undefined where it is neither, or not encrypted with this key. `key`: 16 ASCII characters. */
export function decryptAes(key: string, text: string): string | undefined {
  const bytes = bytesOf(text.trim())
  if (!bytes || bytes.length === 0 || bytes.length % 16 !== 0) return undefined
  try {
    const decipher = createDecipheriv(mode, Buffer.from(key, 'ascii'), null)
    const plain = Buffer.concat([decipher.update(bytes), decipher.final()])
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch {
    return undefined
  }
}

/** The other way, for tests and demo data. */
export function encryptAes(key: string, text: string, encoding: 'hex' | 'base64' = 'hex'): string {
  const cipher = createCipheriv(mode, Buffer.from(key, 'ascii'), null)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString(encoding)
}

function bytesOf(given: string): Buffer | undefined {
  // MySQL's TO_BASE64 breaks its lines after 76 characters.
  const text = given.replaceAll(/[\r\n]/g, '')
  if (/^(?:[0-9a-f]{32})+$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0) return Buffer.from(text, 'base64')
  return undefined
}
