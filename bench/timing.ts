/** Times of one kind of work, in milliseconds. */
export interface Times { p50: number; p95: number; most: number; count: number }

export function timesOf(milliseconds: number[]): Times {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { p50: at(0.5), p95: at(0.95), most: sorted.at(-1) ?? NaN, count: sorted.length }
}

/** Does the same again and again for about some seconds, at least ten and at most `most` times, after a little warming up. */
export async function repeat(act: (turn: number) => Promise<unknown>, { seconds = 4, most = 400, least = 10, warmUp = 5 } = {}): Promise<Times> {
  for (let turn = 0; turn < warmUp; turn++) await act(turn)
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  while (times.length < most && (times.length < least || performance.now() < end)) {
    const start = performance.now()
    await act(warmUp + times.length)
    times.push(performance.now() - start)
  }
  return timesOf(times)
}

export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return (performance.now() - start) / 1000
}

export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
