import fc from 'fast-check'
import t from 'tap'
import { operators, type Condition } from '../../src/catalog/condition.ts'
import { isDate, isMinute, isNumber } from '../../src/conditions/check-condition.ts'
import { readConditions, writeConditions } from '../../src/conditions/condition-text.ts'

const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.replaceAll('\u0000', ''))
const { tree } = fc.letrec<{ tree: Condition; leaf: Condition }>((tie) => ({
  leaf: fc.record({ field: fc.constantFrom('tag:1', 'attribute:city', 'id', 'id:MOBILE'), operator: fc.constantFrom(...operators), values: fc.array(text, { maxLength: 4 }) }) as fc.Arbitrary<Condition>,
  tree: fc.oneof({ depthSize: 'small', maxDepth: 4 }, tie('leaf'), fc.constant<Condition>({ noTag: true }),
    fc.record({ and: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }), fc.record({ or: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }), fc.record({ not: tie('tree') })) as fc.Arbitrary<Condition>
}))

t.test('a condition tree comes back from its address as it was', async (t) => {
  fc.assert(fc.property(fc.array(tree, { maxLength: 4 }), (conditions) => {
    t.same(readConditions(writeConditions(conditions)), conditions)
  }), { numRuns: 200 })
})

t.test('anything else is not read', async (t) => {
  for (const wrong of ['', 'x', '{}', '1', '["tag:1","is","x"]', '[["tag:1"]]', '[["tag:1","drop","x"]]', '[["tag:1","is",1]]', '[["and"]]', '[["not",["noTag"],["noTag"]]]', '[["noTag","x"]]', '[null]',
    `[${'["not",'.repeat(20)}["noTag"]${']'.repeat(20)}]`, JSON.stringify(Array.from({ length: 100 }, () => ['noTag'])), JSON.stringify([['tag:1', 'any', ...Array.from({ length: 2000 }, () => 'x')]])]) {
    t.equal(readConditions(wrong), undefined, wrong.slice(0, 40))
  }
  fc.assert(fc.property(fc.json(), (json) => {
    const read = readConditions(json)
    if (read) t.same(readConditions(writeConditions(read)), read)
  }), { numRuns: 300 })
})

t.test('NUL, which no text column holds, is left out', async (t) => {
  t.same(readConditions('[["attribute:city","is","a\\u0000b"]]'), [{ field: 'attribute:city', operator: 'is', values: ['ab'] }])
})

t.test('dates must exist and numbers be plain', async (t) => {
  for (const right of ['2024-02-29', '0001-01-01', '1999-12-31']) t.ok(isDate(right), right)
  for (const wrong of ['2024-02-30', '2023-02-29', '0000-01-01', '2024-13-01', '2024-1-1', "2024-01-01'", '']) t.notOk(isDate(wrong), wrong)
  t.ok(isMinute('2024-02-29T23:59'))
  t.notOk(isMinute('2024-02-30T10:00'))
  t.notOk(isMinute('2024-02-29T24:00'))
  for (const right of ['0', '-1.5', '.5', '12480.00', '+3']) t.ok(isNumber(right), right)
  for (const wrong of ['', '1e9', 'NaN', '1,5', '0x1', '1;', '9'.repeat(41)]) t.notOk(isNumber(wrong), wrong)
})
