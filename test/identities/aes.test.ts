import fc from 'fast-check'
import t from 'tap'
import { decryptAes, encryptAes } from '../../src/identities/aes.ts'
import { openTestDatabase } from '../helper.ts'

const key = '0123456789ABCDEF'

// HEX(AES_ENCRYPT(text, key)) and TO_BASE64(AES_ENCRYPT(text, key)), made with `openssl enc -aes-128-ecb`.
const vectors: [text: string, hex: string, base64: string][] = [
  ['13812345678', '8D7139DA404BB27FB10ABE9B5E2DE6FB', 'jXE52kBLsn+xCr6bXi3m+w=='],
  ['ann@example.com', 'D3484480F5145F8D72BDD9103994B7D6', '00hEgPUUX41yvdkQOZS31g=='],
  ['王芳', '2534AED3BBAEABA4EFD28702A985DD6F', 'JTSu07uuq6Tv0ocCqYXdbw=='],
  ['1234567890123456', '663B66A1BFCE112F75A4158A2B0DF07534AF336C9F031B3556738C63E61EA2F6', 'Zjtmob/OES91pBWKKw3wdTSvM2yfAxs1VnOMY+YeovY=']
]

t.test('values that MySQL encrypted are read, as hex in either case and as base64', async (t) => {
  for (const [text, hex, base64] of vectors) {
    for (const given of [hex, hex.toLowerCase(), base64, ` ${base64}\n`]) t.equal(decryptAes(key, given), text, given)
    t.same([encryptAes(key, text), encryptAes(key, text, 'base64')], [hex.toLowerCase(), base64])
  }
})

t.test('base64 is broken into lines after 76 characters, as TO_BASE64 does, and still read', async (t) => {
  const long = `${'a-very-long-name-before-the-sign'.repeat(3)}@example.com`
  const lines = encryptAes(key, long, 'base64').replaceAll(/.{76}/g, '$&\n')
  t.match(lines, /\n/)
  t.equal(decryptAes(key, lines), long)
  t.equal(decryptAes(key, lines.replaceAll('\n', '\r\n')), long)
})

t.test('what is not encrypted with this key has no plain value', async (t) => {
  const hex = encryptAes(key, '13812345678')
  t.equal(decryptAes('0123456789ABCDEE', hex), undefined, 'another key')
  for (const garbage of ['', ' ', '13812345678', 'ann@example.com', hex.slice(1), hex.slice(0, 30), `${hex}00`, `${hex}${hex}`.slice(16), 'ff'.repeat(16), '=', '====', 'AAAA', '王芳', `0x${hex}`]) t.equal(decryptAes(key, garbage), undefined, JSON.stringify(garbage))
  t.equal(decryptAes(key, encryptAes(key, '').slice(0, 32)), '', 'an empty text is a whole block of padding')
})

t.test('every text goes there and back, as PostgreSQL’s pgcrypto does it', async (t) => {
  const { pool } = await openTestDatabase(t)
  await pool.query('create extension pgcrypto')
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => text.isWellFormed() && !text.includes('\0') && !text.startsWith('\ufeff')), { minLength: 20, maxLength: 50 })
  const keys = fc.array(fc.constantFrom(...'0123456789ABCDEF'), { minLength: 16, maxLength: 16 }).map((characters) => characters.join(''))
  await fc.assert(fc.asyncProperty(texts, keys, async (plain, secret) => {
    const { rows } = await pool.query(`select encode(e, 'hex') as hex, encode(e, 'base64') as base64 from (select n, encrypt(convert_to(u, 'UTF8'), convert_to($2, 'UTF8'), 'aes-ecb/pad:pkcs') as e from unnest($1::text[]) with ordinality p (u, n)) s order by n`, [plain, secret])
    return rows.every((row, index) => encryptAes(secret, plain[index]!) === row.hex && decryptAes(secret, row.hex) === plain[index] && decryptAes(secret, row.base64) === plain[index])
  }), { numRuns: 50 })
  t.pass('50 samples agree')
})
