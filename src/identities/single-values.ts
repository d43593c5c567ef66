/**
 * The values of one single-value type that each group holds, by the group's root. Nearly every group holds one or none,
 * so one number per row does; groups with several have a set beside it.
 */
export class SingleValues {
  readonly type: number
  /** 0 = none, value + 1 = just this one, -1 = see #sets. */
  readonly #one: Int32Array
  readonly #sets = new Map<number, Set<number>>()

  constructor(type: number, rowCount: number) {
    this.type = type
    this.#one = new Int32Array(rowCount)
  }

  holds(root: number): boolean {
    return this.#one[root] !== 0
  }

  add(root: number, value: number): void {
    const held = this.#one[root]!
    if (held === 0) this.#one[root] = value + 1
    else if (held === -1) this.#sets.get(root)!.add(value)
    else if (held !== value + 1) {
      this.#sets.set(root, new Set([held - 1, value]))
      this.#one[root] = -1
    }
  }

  same(a: number, b: number): boolean {
    if (this.#one[a] !== -1 || this.#one[b] !== -1) return this.#one[a] === this.#one[b]
    const left = this.#sets.get(a)!
    const right = this.#sets.get(b)!
    if (left.size !== right.size) return false
    for (const value of left) if (!right.has(value)) return false
    return true
  }

  /** Gives `into` also what `from` holds. The larger set is kept and the smaller copied, so a long chain of joins stays quick. */
  merge(into: number, from: number): void {
    const held = this.#one[from]!
    if (held > 0) return this.add(into, held - 1)
    if (held === 0) return
    const moved = this.#sets.get(from)!
    this.#sets.delete(from)
    const [large, small] = this.#split(into, moved)
    for (const value of small) large.add(value)
    this.#sets.set(into, large)
    this.#one[into] = -1
  }

  #split(into: number, moved: Set<number>): [Set<number>, Iterable<number>] {
    const held = this.#one[into]!
    if (held >= 0) return [moved, held === 0 ? [] : [held - 1]]
    const own = this.#sets.get(into)!
    return own.size >= moved.size ? [own, moved] : [moved, own]
  }
}
