import { SingleValues } from './single-values.ts'

/** The index of a type in `types` is its number; a smaller priority number means a higher priority. All take part in mapping. */
export interface MappingType { priority: number; single: boolean }

/** Rows are 0..rowCount-1 in ascending order of row number. Placeholders, over-shared and excluded values are left out already. */
export interface MappingInput {
  rowCount: number
  types: MappingType[]
  /** One entry per identity, in any order; the same row and value may come twice. Values of one row only are here too: they refuse joins. */
  identityRow: Int32Array
  identityType: Uint8Array
  /** A number for each (type, match key), ascending in match-key order within a type. */
  identityValue: Int32Array
  valueCount: number
  /** By value number: 1 where an administrator allowed a refused join. */
  allowed?: Uint8Array
}

/** A value whose rows did not become one user because of it, and the single-value type that spoke against it. */
export interface RefusedJoin { value: number; type: number; conflictType: number; rows: Int32Array }

export interface MappingResult {
  /** Row -> the smallest row of its group: the user. */
  group: Int32Array
  refused: RefusedJoin[]
}

/**
 * ID mapping (design.md section 4). Values are taken in the order of (priority of type, match key) over everything at
 * once: a value touches groups of its own component only, so this equals taking each component by itself.
 */
export function mapRows(input: MappingInput): MappingResult {
  const group = new Int32Array(input.rowCount)
  for (let row = 0; row < group.length; row++) group[row] = row
  const valueTypes = typesOfValues(input)
  const { starts, rows } = rowsByValue(input)
  const order = input.types.map((_, type) => type).sort((a, b) => input.types[a]!.priority - input.types[b]!.priority || a - b)
  const higher: SingleValues[] = []
  const refused: RefusedJoin[] = []
  order.forEach((type, rank) => {
    for (let value = 0; value < input.valueCount; value++) {
      const start = starts[value]!
      const end = starts[value + 1]!
      if (valueTypes[value] !== type || end - start < 2) continue
      const conflict = input.allowed?.[value] === 1 ? undefined : findConflict(group, rows, start, end, higher)
      if (conflict) refused.push({ value, type, conflictType: conflict.type, rows: rows.slice(start, end) })
      else join(group, rows, start, end, higher)
    }
    // Only values of lower priority ask what a group holds, so it is collected once the type itself has joined all it can.
    if (input.types[type]!.single && rank < order.length - 1) higher.push(collect(input, type, group))
  })
  for (let row = 0; row < group.length; row++) group[row] = find(group, row)
  return { group, refused: refused.filter((join) => apart(group, join.rows)).map((join) => ({ ...join, rows: distinct(join.rows) })) }
}

/** The root of a row. Roots are the smallest rows of their groups; the path is halved on the way. */
function find(group: Int32Array, row: number): number {
  for (;;) {
    const parent = group[row]!
    if (parent === row) return row
    const next = group[parent]!
    group[row] = next
    row = next
  }
}

/** The type of highest priority in which two of the touched groups hold different values. */
function findConflict(group: Int32Array, rows: Int32Array, start: number, end: number, higher: SingleValues[]): SingleValues | undefined {
  for (const singles of higher) {
    let holder = -1
    for (let at = start; at < end; at++) {
      const root = find(group, rows[at]!)
      if (root === holder || !singles.holds(root)) continue
      if (holder < 0) holder = root
      else if (!singles.same(holder, root)) return singles
    }
  }
  return undefined
}

function join(group: Int32Array, rows: Int32Array, start: number, end: number, higher: SingleValues[]): void {
  let root = find(group, rows[start]!)
  for (let at = start + 1; at < end; at++) {
    const other = find(group, rows[at]!)
    if (other === root) continue
    const small = Math.min(root, other)
    const large = Math.max(root, other)
    group[large] = small
    for (const singles of higher) singles.merge(small, large)
    root = small
  }
}

function collect(input: MappingInput, type: number, group: Int32Array): SingleValues {
  const singles = new SingleValues(type, group.length)
  for (let at = 0; at < input.identityRow.length; at++) {
    if (input.identityType[at] === type) singles.add(find(group, input.identityRow[at]!), input.identityValue[at]!)
  }
  return singles
}

function typesOfValues(input: MappingInput): Uint8Array {
  const types = new Uint8Array(input.valueCount)
  for (let at = 0; at < input.identityValue.length; at++) types[input.identityValue[at]!] = input.identityType[at]!
  return types
}

/** Rows grouped by value by a counting sort: those of value v stand from starts[v] to starts[v + 1]. */
function rowsByValue(input: MappingInput): { starts: Int32Array; rows: Int32Array } {
  const { identityRow, identityValue, valueCount } = input
  const starts = new Int32Array(valueCount + 1)
  for (let at = 0; at < identityValue.length; at++) starts[identityValue[at]!]!++
  let sum = 0
  for (let value = 0; value <= valueCount; value++) starts[value] = sum += starts[value]!
  const rows = new Int32Array(identityRow.length)
  for (let at = identityValue.length - 1; at >= 0; at--) rows[--starts[identityValue[at]!]!] = identityRow[at]!
  return { starts, rows }
}

/** Whether the rows are still several users: an allowed value may have joined what an earlier value could not. */
function apart(group: Int32Array, rows: Int32Array): boolean {
  return rows.some((row) => group[row] !== group[rows[0]!])
}

function distinct(rows: Int32Array): Int32Array {
  return rows.sort().filter((row, at) => at === 0 || row !== rows[at - 1])
}
