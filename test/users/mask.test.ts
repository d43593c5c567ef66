import fc from 'fast-check'
import { sql } from 'kysely'
import t from 'tap'
import { maskText } from '../../src/access/mask.ts'
import type { FieldType } from '../../src/conditions/field.ts'
import { masked } from '../../src/users/queries/mask.ts'
import { openTestDatabase } from '../helper.ts'

const noNul = (text: string) => text.replaceAll('\u0000', '')
const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 20 }).map((all) => all.join(''))
const word = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'), minLength: 1, maxLength: 12 })
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map(noNul), fc.string({ unit: 'grapheme', maxLength: 12 }).map(noNul), digits, digits.map((text) => `+${text}`), fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 }),
  fc.tuple(word, word, fc.constantFrom('com', 'cn', 'example', 'c', '')).map(([user, host, top]) => `${user}@${host}.${top}`), fc.tuple(word, word).map(([one, other]) => `${one} @ ${other}`)
)

t.test('masking', async (t) => {
  const { db } = await openTestDatabase(t)
  const mask = async (type: FieldType, values: readonly (string | null)[]) => (await sql<{ masked: string | null }>`select ${masked(type, sql.ref('v.value'))} as masked from unnest(${values}::text[]) with ordinality v (value, place) order by place`.execute(db)).rows.map((row) => row.masked)

  t.test('is as people know it', async (t) => {
    const said = { '13812341234': '138****1234', '+8613812341234': '+86****1234', 'jane@example.com': 'j***@example.com', 'j@example.com': '***@example.com', 'M0019384457': 'M00****57', '王晓敏': '王***', '王': '***', 'tea': 't***', '': '***', '1234567890': '123****90', 'call me @ noon please': 'cal****se' }
    t.same(await mask('text', Object.keys(said)), Object.values(said))
    t.same(await mask('id', ['13812341234', null]), ['138****1234', null])
    for (const type of ['number', 'time', 'date', 'multi'] as const) t.same(await mask(type, ['12', null]), ['***', null], `of a ${type} only that there is one`)
  })

  t.test('never tells the middle, and of short values at most one character', async (t) => {
    const values = fc.sample(value, 4000)
    const shown = await mask('text', values)
    for (const [index, one] of values.entries()) {
      const letters = [...one]
      const kept = shown[index]!
      const [before = '', after = ''] = kept.split(/\*{3,4}/).length === 2 && !one.includes('*') ? kept.split(/\*{3,4}/) : [kept.slice(0, 0), '']
      if (one.includes('*')) { t.equal(kept, maskText(one)); continue }
      t.ok(one.startsWith(before) && one.endsWith(after), `${one}: ${kept} shows its ends`)
      if (after.startsWith('@')) {
        t.equal(after, one.slice(one.indexOf('@')), 'of an address what it is at')
        t.ok([...before].length <= 1 && [...before].length < letters.indexOf('@'), 'and one character of whose it is')
        continue
      }
      const told = [...before].length + [...after].length
      t.ok(letters.length < 9 ? told <= 1 && (told === 0 || told < letters.length) : told <= 7 && letters.length - told >= 4, `${one}: ${kept}`)
    }
  })

  t.test('is the same for made-up examples', async (t) => {
    const values = fc.sample(value, 4000)
    t.same(await mask('text', values), values.map(maskText))
  })
})
