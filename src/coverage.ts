import { formatNumber } from './format.ts'

/** Users with a value, as number and as share of all users. */
export interface Coverage { users: string; percent: string; value: number }

/** Null where nothing was counted yet or may not be told. Small shares keep a digit that is not 0, as "0%" would say nobody. */
export function coverageOf(users: number | undefined, everybody: number): Coverage | null {
  if (users === undefined) return null
  const share = everybody > 0 ? Math.min(100, (users / everybody) * 100) : 0
  const percent = share === 0 || share >= 1 ? String(Math.floor(share)) : share < 0.01 ? '0.01' : share < 0.1 ? share.toFixed(2) : share.toFixed(1)
  return { users: formatNumber(users), percent: `${percent}%`, value: Number(percent) }
}
