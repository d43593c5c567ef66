/** Why a value joins nobody. */
export const refusedReasons = ['single_conflict', 'shared', 'placeholder'] as const
export type RefusedReason = (typeof refusedReasons)[number]

export const reasonLabels: Record<RefusedReason, { tab: string; why: string }> = {
  single_conflict: { tab: 'Single-value conflict', why: 'Its rows would have joined users that hold different values of a type with one value.' },
  shared: { tab: 'Shared value', why: 'It stands in more rows than one person can have.' },
  placeholder: { tab: 'Placeholder', why: 'It stands for “nothing” in files.' }
}

export function isRefusedReason(text: string): text is RefusedReason {
  return (refusedReasons as readonly string[]).includes(text)
}
