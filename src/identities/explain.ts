/** A row and a value it carries, of those values that really join rows (refused ones left out). */
export interface Link { row: number; value: number }

/**
 * Why two rows belong together: the shortest chain from one to the other. Each step reads "shares `value` with `row`",
 * the last one ends at `to`. Empty when both are the same row, undefined when nothing connects them. Among chains of
 * equal length the one with the smallest values is chosen, so the same question always gets the same answer.
 */
export function explainRows(links: Link[], from: number, to: number): Link[] | undefined {
  const valuesOf = new Map<number, number[]>()
  const rowsOf = new Map<number, number[]>()
  for (const { row, value } of links.toSorted((a, b) => a.value - b.value || a.row - b.row)) {
    push(valuesOf, row, value)
    push(rowsOf, value, row)
  }
  const reached = new Map<number, { before: number; value: number }>()
  const seen = new Set<number>()
  const queue = [from]
  for (let at = 0; at < queue.length && !reached.has(to) && from !== to; at++) {
    const row = queue[at]!
    for (const value of valuesOf.get(row) ?? []) {
      if (seen.has(value)) continue
      seen.add(value)
      for (const next of rowsOf.get(value)!) {
        if (next === from || reached.has(next)) continue
        reached.set(next, { before: row, value })
        queue.push(next)
      }
    }
  }
  if (from !== to && !reached.has(to)) return undefined
  const chain: Link[] = []
  for (let row = to; row !== from;) {
    const step = reached.get(row)!
    chain.push({ row, value: step.value })
    row = step.before
  }
  return chain.reverse()
}

function push(map: Map<number, number[]>, key: number, item: number): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
}
