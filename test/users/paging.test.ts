import fc from 'fast-check'
import t from 'tap'
import { Access } from '../../src/access/access.ts'
import type { Leaf } from '../../src/catalog/condition.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { idKeysOf } from '../../src/users/id-keys.ts'
import { readList } from '../../src/users/read-list.ts'
import { everyone, type UserQuery } from '../../src/users/user-query.ts'
import { openTestDatabase } from '../helper.ts'
import { seed } from '../seed.ts'

interface Person { id: string; city: string | null; level: string | null; likes: string[] | null; value: number | null; day: string | null; note: string | null }

const words = ['Berlin', 'berlin', 'BERN', '杭州市', '杭州', 'a%b', 'a_b', 'ab', "o'hara", '\\', 'é', 'x'.repeat(250), `${'x'.repeat(250)}y`]
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const person = fc.record({
  city: maybe(fc.constantFrom(...words)), level: maybe(fc.constantFrom('Gold', 'Silver')), likes: maybe(fc.subarray(['tea', 'hiking', '茶具'], { minLength: 1 })),
  value: maybe(fc.constantFrom(-1.5, 0, 1, 1.5, 10)), day: maybe(fc.constantFrom('2026-01-01', '2026-01-02', '2026-03-01')), note: maybe(fc.constantFrom('n1', 'N1', 'n2'))
})

const fold = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** The condition as a plain filter: what the SQL must agree with. */
function fits(person: Person, leaf: Leaf, name: keyof Person): boolean {
  const value = person[name]
  const [first = '', second = ''] = leaf.values
  if (leaf.operator === 'empty') return value === null
  if (leaf.operator === 'filled') return value !== null
  if (Array.isArray(value)) return leaf.operator === 'any' ? leaf.values.some((one) => value.includes(one)) : leaf.values.every((one) => value.includes(one))
  if (leaf.operator === 'not') return value === null || (typeof value === 'number' ? value !== Number(first) : fold(String(value)) !== fold(first))
  if (value === null) return false
  if (leaf.operator === 'range') return typeof value === 'number' ? (first === '' || value >= Number(first)) && (second === '' || value <= Number(second)) : (first === '' || String(value) >= first) && (second === '' || String(value) <= second)
  if (typeof value === 'number') return value === Number(first)
  const text = fold(String(value))
  return leaf.operator === 'is' ? text === fold(first) : leaf.operator === 'starts' ? text.startsWith(fold(first)) : text.includes(fold(first))
}

t.test('paging in either direction over any filter and sort shows what a plain filter and sort of everybody would', async (t) => {
  const database = await openTestDatabase(t)
  const people = fc.sample(person, { numRuns: 137, seed: 42 }).map((one, index): Person => ({ id: String(index + 1), ...one }))
  const cell = (text: string | number | null) => (text === null ? '' : `"${String(text).replaceAll('"', '""')}"`)
  await seed(database, {
    alias: 'People', key: { column: 'key' },
    columns: [
      { name: 'key', kind: 'ignore', type: 'text' }, { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'level', kind: 'attribute', type: 'text', attribute: 'member_level' },
      { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|' }, { name: 'value', kind: 'tag', type: 'number' }, { name: 'day', kind: 'tag', type: 'time', format: 'YMD' }, { name: 'note', kind: 'tag', type: 'text' }
    ]
  }, ['key,city,level,likes,value,day,note', ...people.map((one) => [`k${one.id}`, cell(one.city), cell(one.level), cell(one.likes?.join('|') ?? null), cell(one.value), cell(one.day), cell(one.note)].join(','))].join('\n'))
  const access = Access.full(await getCatalog(database.db))
  t.equal(access.userCount, people.length)
  const ref = (name: string): Leaf['field'] => `tag:${access.tags.find(({ column }) => column.name === name)?.column.id ?? 0}`
  const fields: Record<string, { ref: Leaf['field']; name: keyof Person; leaf: fc.Arbitrary<Pick<Leaf, 'operator' | 'values'>> }> = {
    city: { ref: 'attribute:city', name: 'city', leaf: fc.oneof(fc.record({ operator: fc.constantFrom('is', 'not', 'contains', 'starts'), values: fc.constantFrom(...words, 'b', '%', '_', 'x').map((word) => [word]) }), fc.constantFrom({ operator: 'empty', values: [] }, { operator: 'filled', values: [] })) as never },
    likes: { ref: ref('likes'), name: 'likes', leaf: fc.record({ operator: fc.constantFrom('any', 'all'), values: fc.subarray(['tea', 'hiking', '茶具', 'none'], { minLength: 1 }) }) as never },
    value: { ref: ref('value'), name: 'value', leaf: fc.oneof(fc.record({ operator: fc.constant('range'), values: fc.constantFrom(['0', ''], ['', '1.5'], ['0', '1.50'], ['-2', '-1']) }), fc.record({ operator: fc.constantFrom('is', 'not'), values: fc.constantFrom(['1'], ['1.50']) })) as never },
    day: { ref: ref('day'), name: 'day', leaf: fc.record({ operator: fc.constant('range'), values: fc.constantFrom(['2026-01-01', '2026-01-02'], ['2026-01-02', ''], ['', '2026-01-01']) }) as never },
    note: { ref: ref('note'), name: 'note', leaf: fc.record({ operator: fc.constantFrom('is', 'not'), values: fc.constantFrom(['n1'], ['N2']) }) as never }
  }
  const sorts: Record<string, (one: Person) => string | number | null> = {
    created: (one) => Number(one.id), 'attribute:city': (one) => (one.city === null ? null : fold([...one.city].slice(0, 200).join(''))), [ref('value')]: (one) => one.value, [ref('day')]: (one) => one.day, [ref('note')]: (one) => (one.note === null ? null : fold(one.note))
  }
  const query = fc.record({
    chosen: fc.subarray(Object.keys(fields), { maxLength: 2 }).chain((names) => fc.tuple(...names.map((name) => fields[name]!.leaf.map((leaf) => ({ name, leaf: { field: fields[name]!.ref, ...leaf } }))))),
    by: fc.constantFrom(...Object.keys(sorts)), descending: fc.boolean(), size: fc.constantFrom(20, 50, 100)
  })
  const reading = { timeZone: 'Asia/Shanghai', aesKey: null, keys: idKeysOf(access, null) }
  const page = (asked: UserQuery) => readList(database.db, access, reading, asked, [])
  await fc.assert(fc.asyncProperty(query, async ({ chosen, by, descending, size }) => {
    const key = sorts[by]!
    const bytes = (value: string | number) => (typeof value === 'number' ? value : Buffer.from(value))
    const compare = (a: Person, b: Person) => {
      const [left, right] = [key(a), key(b)]
      if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
      const order = typeof left === 'number' ? left - (right as number) : Buffer.compare(bytes(left) as Buffer, bytes(right) as Buffer)
      return descending ? -order : order
    }
    const expected = people.filter((one) => chosen.every(({ name, leaf }) => fits(one, leaf as Leaf, fields[name]!.name))).toSorted((a, b) => compare(a, b) || (descending ? Number(b.id) - Number(a.id) : Number(a.id) - Number(b.id))).map((one) => one.id)
    const asked: UserQuery = { ...everyone, where: chosen.map(({ leaf }) => leaf as Leaf), sort: { by, descending }, size }
    const forward: string[][] = []
    let at = await page(asked)
    forward.push(at.users.map((user) => user.id))
    while (at.after) {
      at = await page({ ...asked, place: { direction: 'after', cursor: at.after } })
      forward.push(at.users.map((user) => user.id))
    }
    t.same(forward.flat(), expected)
    const backward = [forward.at(-1)!]
    while (at.before) {
      at = await page({ ...asked, place: { direction: 'before', cursor: at.before } })
      backward.unshift(at.users.map((user) => user.id))
    }
    t.same(backward.flat(), expected)
    t.equal(at.users.length, forward[0]!.length, 'the first page reached backward is full')
  }), { numRuns: 60 })
})
