import { createCipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/**
 * A match key is an MD5 of the value: of a mobile it would tell the mobile to who tries all of them. In addresses it
 * stands sealed with the secret of the installation.
 */
export interface KeySeal {
  /** The same text for the same key each time, so that an address can be kept. */
  seal(matchKey: string): string
  /** The match key (a uuid) of a sealed one; undefined for anything that was not sealed here. */
  open(sealed: string): string | undefined
  /** What knows a value again and tells nothing of it to who has not the secret. */
  digest(value: string): string
}

/** Encryption with a synthetic initialisation vector, the construction of RFC 5297: 16 bytes that authenticate, 16 that hide. */
export function keySeal(secret: string): KeySeal {
  const derive = (what: string) => Buffer.from(hkdfSync('sha256', secret, '', `match keys in addresses: ${what}`, 32))
  const [marking, hiding] = [derive('mark'), derive('hide')]
  const markOf = (plain: Buffer) => createHmac('sha256', marking).update(plain).digest().subarray(0, 16)
  const hide = (mark: Buffer, bytes: Buffer) => createCipheriv('aes-256-ctr', hiding, mark).update(bytes)
  const digesting = derive('digest')
  return {
    digest: (value) => createHmac('sha256', digesting).update(value).digest('base64url'),
    seal(matchKey) {
      const plain = Buffer.from(matchKey.replaceAll('-', ''), 'hex')
      const mark = markOf(plain)
      return Buffer.concat([mark, hide(mark, plain)]).toString('base64url')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length !== 32 || bytes.toString('base64url') !== sealed) return undefined
      const mark = bytes.subarray(0, 16)
      const plain = hide(mark, bytes.subarray(16))
      if (!timingSafeEqual(mark, markOf(plain))) return undefined
      return plain.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    }
  }
}

/** Where an exception for a value is made or taken back. */
export function exceptionAddress(seal: KeySeal, idType: number, key: string): string {
  return `/settings/refused-joins/${idType}/${seal.seal(key)}/exception`
}
