/** Chance that comes out the same each time: the demo is the same on every machine. */
export class Random {
  #state: number

  /** Streams of different names or numbers are independent of each other. */
  constructor(...seed: (string | number)[]) {
    let hash = 0x811c9dc5
    for (const char of seed.join('/')) hash = Math.imul(hash ^ (char.codePointAt(0) as number), 0x01000193)
    this.#state = hash >>> 0
    for (let turn = 0; turn < 3; turn++) this.next()
  }

  /** From 0 up to but not including 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number, both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least)
  }

  /** Around 0, two thirds of them within 1. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  /** Waiting time with this mean: short ones often, long ones seldom. */
  wait(mean: number): number {
    return -Math.log(1 - this.next()) * mean
  }

  /** The same, but not longer than `most`. */
  waitWithin(mean: number, most: number): number {
    return -Math.log(1 - this.next() * (1 - Math.exp(-most / mean))) * mean
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  weighted<T>(list: readonly (readonly [T, number])[]): T {
    let rest = this.next() * list.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of list) if ((rest -= weight) < 0) return value
    return (list[list.length - 1] as readonly [T, number])[0]
  }

  /** Several different ones, in the order drawn. */
  some<T>(list: readonly (readonly [T, number])[], count: number): T[] {
    const left = [...list]
    const drawn: T[] = []
    while (drawn.length < count && left.length > 0) {
      const value = this.weighted(left)
      drawn.push(value)
      left.splice(left.findIndex(([candidate]) => candidate === value), 1)
    }
    return drawn
  }
}
