import fc from 'fast-check'
import t from 'tap'
import { mapRows } from '../../src/identities/mapping.ts'
import { componentOf, map, naive, nameOf, refusals, worlds, type World } from './mapping-model.ts'

const runs = { numRuns: 2_000 }
const oneidMobile = [{ priority: 1, single: true }, { priority: 2, single: false }]
const world = (facts: [number, number, number][], allowed: string[] = [], types = oneidMobile): World =>
  ({ rowCount: 4, types, facts: facts.map(([row, type, key]) => ({ row, type, key })), allowed: new Set(allowed) })

t.test('rows that share a mobile become one user, whose ID is the smallest row', async (t) => {
  t.same([...map(world([[3, 1, 7], [1, 1, 7], [2, 1, 8]])).group], [0, 1, 2, 1])
})

t.test('a mobile does not join two different OneIDs and is listed', async (t) => {
  const result = map(world([[0, 0, 1], [1, 0, 2], [0, 1, 7], [1, 1, 7], [2, 1, 7]]))
  t.same([...result.group], [0, 1, 2, 3], 'a refused value joins nobody, the row without OneID included')
  t.same(refusals(result), [{ value: '1:7', conflict: 0, rows: [0, 1, 2] }])
})

t.test('an administrator may allow a refused join', async (t) => {
  const result = map(world([[0, 0, 1], [1, 0, 2], [0, 1, 7], [1, 1, 7]], ['1:7']))
  t.same([...result.group], [0, 0, 2, 3])
  t.same(refusals(result), [])
})

t.test('a single value of lower priority never refuses', async (t) => {
  const types = [{ priority: 2, single: true }, { priority: 1, single: false }]
  t.same([...map(world([[0, 0, 1], [1, 0, 2], [0, 1, 7], [1, 1, 7]], [], types)).group], [0, 0, 2, 3])
})

t.test('agrees with a naive graph search on random data, component by component', async () => {
  fc.assert(fc.property(worlds, (world) => {
    const result = map(world)
    const expected = naive(world)
    return [...result.group].join() === expected.group.join() && JSON.stringify(refusals(result)) === JSON.stringify(expected.refused)
  }), runs)
})

t.test('the order of identities does not matter', async () => {
  fc.assert(fc.property(worlds.chain((world) => fc.record({ world: fc.constant(world), facts: fc.shuffledSubarray(world.facts, { minLength: world.facts.length }) })), ({ world, facts }) => {
    const [a, b] = [map(world), map({ ...world, facts })]
    return a.group.join() === b.group.join() && JSON.stringify(refusals(a)) === JSON.stringify(refusals(b))
  }), runs)
})

t.test('the order of rows does not matter: the same people come together', async () => {
  fc.assert(fc.property(worlds.chain((world) => fc.record({ world: fc.constant(world), places: permutation(world.rowCount) })), ({ world, places }) => {
    const moved = { ...world, facts: world.facts.map((fact) => ({ ...fact, row: places[fact.row]! })) }
    const [a, b] = [map(world).group, map(moved).group]
    return pairs(world.rowCount).every(([x, y]) => (a[x] === a[y]) === (b[places[x]!] === b[places[y]!]))
  }), runs)
})

t.test('no join happens that the rule refuses: who holds the highest single type in a group came together by it alone', async () => {
  fc.assert(fc.property(worlds, (world) => {
    const top = world.types.findIndex((type) => type.priority === 1)
    if (!world.types[top]!.single) return true
    const group = map({ ...world, allowed: new Set() }).group
    const alone = map({ ...world, allowed: new Set(), facts: world.facts.filter((fact) => fact.type === top) }).group
    const holders = [...new Set(world.facts.filter((fact) => fact.type === top).map((fact) => fact.row))]
    return holders.every((x) => holders.every((y) => group[x] !== group[y] || alone[x] === alone[y]))
  }), runs)
})

t.test('every refused join names rows of several users and a single-value type of higher priority', async () => {
  fc.assert(fc.property(worlds, (world) => {
    const result = map(world)
    return result.refused.every((one) => new Set([...one.rows].map((row) => result.group[row])).size > 1
      && world.types[one.conflictType]!.single && world.types[one.conflictType]!.priority < world.types[one.type]!.priority)
  }), runs)
})

t.test('one component by itself gives what it gives among all the others', async () => {
  fc.assert(fc.property(worlds, fc.nat(), (world, pick) => {
    const component = componentOf(world, [pick % world.rowCount])
    const all = map(world)
    const alone = map(restricted(world, component))
    return [...component].every((row) => all.group[row] === alone.group[row])
      && JSON.stringify(refusals(all).filter((one) => component.has(one.rows[0]!))) === JSON.stringify(refusals(alone))
  }), runs)
})

t.test('when a value comes or goes (over-shared, or no longer), mapping only what it touches equals mapping everything', async () => {
  fc.assert(fc.property(worlds.filter((world) => world.facts.length > 0), fc.nat(), (full, pick) => {
    const value = nameOf(full.facts[pick % full.facts.length]!)
    const without = { ...full, facts: full.facts.filter((fact) => nameOf(fact) !== value) }
    const touched = componentOf(full, full.facts.filter((fact) => nameOf(fact) === value).map((fact) => fact.row))
    return [[without, full], [full, without]].every(([before, after]) => {
      const group = [...map(before!).group]
      const partly = map(restricted(after!, touched)).group
      for (const row of touched) group[row] = partly[row]!
      return group.join() === map(after!).group.join()
    })
  }), runs)
})

t.test('a long chain of single values joins nobody', async (t) => {
  const rowCount = 200_000
  const links = [...Array(rowCount - 1).keys()]
  const result = mapRows({
    rowCount, types: [{ priority: 2, single: true }, { priority: 1, single: false }, { priority: 3, single: false }], valueCount: rowCount * 2 - 1,
    identityRow: Int32Array.from([...Array(rowCount).keys(), ...links, ...links.map((row) => row + 1)]),
    identityType: Uint8Array.from([...Array(rowCount).fill(0), ...links.map((row) => (row % 2 ? 1 : 2)), ...links.map((row) => (row % 2 ? 1 : 2))]),
    identityValue: Int32Array.from([...Array(rowCount).keys(), ...links.map((row) => rowCount + row), ...links.map((row) => rowCount + row)])
  })
  t.equal(result.refused.length, rowCount / 2, 'every pair holds its own values, so no two pairs join')
})

function restricted(world: World, rows: Set<number>): World {
  return { ...world, facts: world.facts.filter((fact) => rows.has(fact.row)) }
}

function permutation(size: number): fc.Arbitrary<number[]> {
  return fc.shuffledSubarray([...Array(size).keys()], { minLength: size })
}

function pairs(size: number): [number, number][] {
  return [...Array(size * size).keys()].map((at) => [at % size, Math.floor(at / size)])
}
