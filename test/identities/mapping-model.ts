import fc from 'fast-check'
import { mapRows, type MappingInput, type MappingResult, type MappingType } from '../../src/identities/mapping.ts'

/** One identity with its value spelt out; the number in a type gives the order of match keys. */
export interface Fact { row: number; type: number; key: number }
export interface World { rowCount: number; types: MappingType[]; facts: Fact[]; allowed: Set<string> }

export const nameOf = (fact: { type: number; key: number }): string => `${fact.type}:${fact.key}`

/** Few rows, few values, several single-value types: the narrow world in which everything collides. */
export const worlds: fc.Arbitrary<World> = fc.record({
  rowCount: fc.integer({ min: 1, max: 14 }),
  singles: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  shuffle: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
  raw: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 6 })), { maxLength: 40 }),
  allow: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 6 })), { maxLength: 2 })
}).map(({ rowCount, singles, shuffle, raw, allow }) => {
  const order = singles.map((_, at) => at).sort((a, b) => shuffle[a]! - shuffle[b]! || a - b)
  return {
    rowCount,
    types: singles.map((single, type) => ({ single, priority: order.indexOf(type) + 1 })),
    facts: raw.map(([row, type, key]) => ({ row: row % rowCount, type: type % singles.length, key })),
    allowed: new Set(allow.map(([type, key]) => `${type % singles.length}:${key}`))
  }
})

/** Numbers the values as the shell does (by type, then key) and runs the core. */
export function map(world: World): MappingResult & { names: string[] } {
  const known = new Map(world.facts.map((fact) => [nameOf(fact), fact]))
  const names = [...known.values()].sort((a, b) => a.type - b.type || a.key - b.key).map(nameOf)
  const numbers = new Map(names.map((name, number) => [name, number]))
  const input: MappingInput = {
    rowCount: world.rowCount, types: world.types, valueCount: names.length,
    identityRow: Int32Array.from(world.facts, (fact) => fact.row),
    identityType: Uint8Array.from(world.facts, (fact) => fact.type),
    identityValue: Int32Array.from(world.facts, (fact) => numbers.get(nameOf(fact))!),
    allowed: Uint8Array.from(names, (name) => Number(world.allowed.has(name)))
  }
  return { ...mapRows(input), names }
}

/** Refused joins with names instead of numbers, in a fixed order. */
export function refusals(result: ReturnType<typeof map>): { value: string; conflict: number; rows: number[] }[] {
  return result.refused.map((one) => ({ value: result.names[one.value]!, conflict: one.conflictType, rows: [...one.rows] }))
    .sort((a, b) => (a.value < b.value ? -1 : 1))
}

/** Rows reachable from these through any shared value, refused or not. */
export function componentOf(world: World, from: Iterable<number>): Set<number> {
  const found = new Set(from)
  for (let size = -1; size !== found.size;) {
    size = found.size
    const values = new Set(world.facts.filter((fact) => found.has(fact.row)).map(nameOf))
    for (const fact of world.facts) if (values.has(nameOf(fact))) found.add(fact.row)
  }
  return found
}

/** The rule of design.md section 4 as literally as it can be written: component by component, with sets of rows. */
export function naive(world: World): { group: number[]; refused: { value: string; conflict: number; rows: number[] }[] } {
  const group = Array.from({ length: world.rowCount }, (_, row) => row)
  const refused: { value: string; conflict: number; rows: number[] }[] = []
  const done = new Set<number>()
  for (let row = 0; row < world.rowCount; row++) {
    if (done.has(row)) continue
    const component = componentOf(world, [row])
    for (const member of component) done.add(member)
    mapComponent(world, component, group, refused)
  }
  return {
    group,
    refused: refused.filter(({ rows }) => rows.some((row) => group[row] !== group[rows[0]!])).sort((a, b) => (a.value < b.value ? -1 : 1))
  }
}

function mapComponent(world: World, component: Set<number>, group: number[], refused: { value: string; conflict: number; rows: number[] }[]): void {
  const facts = world.facts.filter((fact) => component.has(fact.row))
  const priority = (type: number) => world.types[type]!.priority
  let groups = [...component].map((row) => new Set([row]))
  const values = [...new Map(facts.map((fact) => [nameOf(fact), fact])).values()].sort((a, b) => priority(a.type) - priority(b.type) || a.key - b.key)
  for (const value of values) {
    const rows = new Set(facts.filter((fact) => nameOf(fact) === nameOf(value)).map((fact) => fact.row))
    const touched = groups.filter((one) => !one.isDisjointFrom(rows))
    const guards = world.types.map((_, type) => type)
      .filter((type) => world.types[type]!.single && priority(type) < priority(value.type)).sort((a, b) => priority(a) - priority(b))
    const conflict = guards.find((type) => {
      const held = touched.map((one) => new Set(facts.filter((fact) => fact.type === type && one.has(fact.row)).map((fact) => fact.key))).filter((set) => set.size > 0)
      return held.some((set) => set.symmetricDifference(held[0]!).size > 0)
    })
    if (conflict !== undefined && !world.allowed.has(nameOf(value))) refused.push({ value: nameOf(value), conflict, rows: [...rows].sort((a, b) => a - b) })
    else groups = [...groups.filter((one) => !touched.includes(one)), new Set(touched.flatMap((one) => [...one]))]
  }
  for (const one of groups) for (const row of one) group[row] = Math.min(...one)
}
