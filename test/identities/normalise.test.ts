import fc from 'fast-check'
import t from 'tap'
import { asUuid, candidateKeys, md5Key, normalise, normaliseSql, shaKey } from '../../src/identities/normalise.ts'
import { trimmedSql } from '../../src/sources/blanks.ts'
import { openTestDatabase } from '../helper.ts'

const blank = fc.constantFrom('', '', '', ' ', '\t', '　', ' ', ' \n', '﻿')
const prefix = fc.constantFrom('', '+86', '86', '0086', '+86 ', '+86-', '86 ', '+86  ', '+1', '＋86', '+8686', '0086 ')
const separator = fc.constantFrom('', '', '-', ' ', '  ', '.')
const digits = fc.tuple(fc.integer({ min: 0, max: 199 }), separator, fc.integer({ min: 0, max: 99_999 }), separator, fc.integer({ min: 0, max: 9999 })).map((parts) => parts.join(''))
const wide = digits.map((text) => text.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))))
const mail = fc.tuple(fc.constantFrom('Ann.Lee', 'JOSÉ', 'ΟΔΥΣΣΕΥΣ', 'İstanbul', 'straße', 'ＡＢＣ', 'Ⅷ', 'Ꮳ', 'a'), fc.constantFrom('@', '＠', ' @ ', '@@'), fc.constantFrom('Example.COM', 'MÜNCHEN.de', '例子.广告', '')).map((parts) => parts.join(''))
const characters = Array.from({ length: 0x110000 - 1 }, (_, index) => index + 1).filter((code) => code < 0xd800 || code > 0xdfff).map((code) => String.fromCodePoint(code))
const cased = characters.filter((character) => character !== character.toLowerCase())
// What stands beside a capital sigma must not decide how it is lower-cased.
const letters = fc.string({ unit: fc.oneof(fc.constantFrom(...cased), fc.constantFrom('Σ', 'a', '.', "'", ':', '@', '-', '1', '\u0301', '\u00ad', ' ')), maxLength: 8 })
const anything = fc.string({ unit: 'binary', maxLength: 15 }).filter((text) => text.isWellFormed() && !text.includes('\0'))
const cell = fc.tuple(blank, fc.oneof(fc.tuple(prefix, digits).map((parts) => parts.join('')), fc.tuple(prefix, wide).map((parts) => parts.join('')), mail, letters, anything, fc.string({ unit: 'grapheme', maxLength: 10 })), blank).map((parts) => parts.join(''))

t.test('the database brings a value into the same form as the console does', async (t) => {
  const { pool } = await openTestDatabase(t)
  await fc.assert(fc.asyncProperty(fc.array(cell, { minLength: 20, maxLength: 60 }), fc.constantFrom('MOBILE', 'EMAIL', 'ONEID'), async (cells, type) => {
    const normal = normaliseSql(type, 'clean')
    // Rows tables keep their texts in the collation "C".
    const { rows } = await pool.query(`with s as (select n, (${trimmedSql('given')}) collate "C" as clean from unnest($1::text[]) with ordinality u (given, n) offset 0)
      select coalesce(unicode_assigned(clean), true) as known, ${normal} as normal, md5(${normal})::uuid as md5, left(encode(sha256(convert_to(${normal}, 'UTF8')), 'hex'), 32)::uuid as sha from s order by n`, [cells])
    for (const [index, { known, ...row }] of rows.entries()) {
      // A letter of a later edition of Unicode than the server's has no case there yet.
      if (type === 'EMAIL' && !known) continue
      const normalised = normalise(type, cells[index]!)
      const expected = normalised === '' ? { normal: null, md5: null, sha: null } : { normal: normalised, md5: md5Key(normalised), sha: shaKey(normalised) }
      if (JSON.stringify(row) !== JSON.stringify(expected)) return t.fail(`${type} ${JSON.stringify(cells[index])}: the database makes ${JSON.stringify(row)}, the console ${JSON.stringify(expected)}`)
    }
    return undefined
  }), { numRuns: 300 })
  t.pass('300 samples agree')
})

t.test('every character in an e-mail address is lower-cased alike', async (t) => {
  const { pool } = await openTestDatabase(t)
  const asked = characters.filter((character) => normalise('EMAIL', character) !== '')
  const { rows } = await pool.query(`select unicode_assigned(c) as known, ${normaliseSql('EMAIL', 'c')} as lower from (select n, c collate "C" as c from unnest($1::text[]) with ordinality u (c, n)) s order by n`, [asked])
  const differs = (index: number) => rows[index].known && rows[index].lower !== normalise('EMAIL', asked[index]!)
  t.same(asked.filter((_, index) => differs(index)), [])
  const known = new Set(asked.filter((_, index) => rows[index].known))
  t.ok(cased.filter((character) => known.has(character)).length > 1400, 'nearly all letters with a case are known to the server')
})

t.test('mobile numbers are compared by their eleven digits, without the prefix of mainland China', async (t) => {
  for (const typed of ['13812345678', '+8613812345678', '8613812345678', '008613812345678', '+86 138-1234-5678', '86-138 1234 5678', ' 138 1234 5678 ', '　13812345678﻿']) t.equal(normalise('MOBILE', typed), '13812345678', typed)
  for (const kept of ['86138123456', '+1 415 555 2671', '868612345678', '', '１３８１２３４５６７８', '138 1234 567']) t.equal(normalise('MOBILE', kept), kept, kept)
})

t.test('only e-mail addresses lose their case, and white space inside stays', async (t) => {
  t.equal(normalise('EMAIL', ' Ann.LEE@Example.com\t'), 'ann.lee@example.com')
  t.equal(normalise('EMAIL', 'JOSÉ@Münster.DE'), 'josé@münster.de')
  t.equal(normalise('ONEID', ' aB c '), 'aB c')
})

t.test('a typed value is looked up plain and as each hash it may be stored as', async (t) => {
  // md5 and sha256 of 13812345678, as md5sum and sha256sum print them; of the longer one the first half counts.
  const md5 = '4c0115d39ddea1eba5a7cdf8edfc18a9'
  const keys = candidateKeys('MOBILE', '+86 138-1234-5678')
  t.ok(keys.includes(asUuid(md5)))
  t.ok(keys.includes(asUuid('38aed9048140b0e437ea81461d9ea452')), 'the first half of the SHA256')
  t.ok(candidateKeys('MOBILE', md5.toUpperCase()).includes(asUuid(md5)), 'a hash in capitals is the same hash')
  t.ok(candidateKeys('MOBILE', `${md5}${md5}`).includes(asUuid(md5)), 'of a SHA256 the first half counts')
  t.ok(candidateKeys('EMAIL', 'No Hash').includes(md5Key('No Hash')), 'what stands unreadable in a hashed column is found as it stands')
})
