/** Does a way lead from these audiences to `target`, by what each is made of? */
export function reaches(uses: ReadonlyMap<number, readonly number[]>, from: readonly number[], target: number): boolean {
  const met = new Set<number>()
  const waiting = [...from]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === target) return true
    if (met.has(next)) continue
    met.add(next)
    waiting.push(...(uses.get(next) ?? []))
  }
  return false
}
