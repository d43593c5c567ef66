import fc from 'fast-check'
import t from 'tap'
import { explainRows, type Link } from '../../src/identities/explain.ts'

t.test('says which value leads from one row to the next, by the shortest way', async (t) => {
  const links = [[1, 10], [2, 10], [2, 20], [3, 20], [3, 30], [4, 30], [1, 40], [3, 40]].map(([row, value]) => ({ row: row!, value: value! }))
  t.same(explainRows(links, 1, 4), [{ value: 40, row: 3 }, { value: 30, row: 4 }])
  t.same(explainRows(links, 1, 2), [{ value: 10, row: 2 }])
  t.same(explainRows(links, 1, 1), [])
  t.equal(explainRows(links, 1, 99), undefined)
})

t.test('every step is a shared value, no chain is shorter, and the answer does not depend on the order of links', async () => {
  const links = fc.array(fc.record({ row: fc.nat({ max: 9 }), value: fc.nat({ max: 12 }) }), { maxLength: 25 })
  const shuffled = links.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(fc.property(shuffled, fc.nat({ max: 9 }), fc.nat({ max: 9 }), ([all, other], from, to) => {
    const chain = explainRows(all, from, to)
    const carries = (row: number, value: number) => all.some((link) => link.row === row && link.value === value)
    const valid = chain?.every((step, at) => carries(step.row, step.value) && carries(at === 0 ? from : chain[at - 1]!.row, step.value)) ?? true
    return valid && (chain?.length === 0 || chain === undefined || chain.at(-1)!.row === to)
      && (chain?.length ?? Infinity) === distance(all, from, to) && JSON.stringify(chain) === JSON.stringify(explainRows(other, from, to))
  }), { numRuns: 2_000 })
})

function distance(links: Link[], from: number, to: number): number {
  let reached = new Set([from])
  for (let steps = 0; steps <= 10; steps++) {
    if (reached.has(to)) return steps
    const values = new Set(links.filter((link) => reached.has(link.row)).map((link) => link.value))
    reached = new Set([...reached, ...links.filter((link) => values.has(link.value)).map((link) => link.row)])
  }
  return Infinity
}
