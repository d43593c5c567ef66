import type { Access } from '../access/access.ts'
import { formatNumber } from '../format.ts'
import { stateOf, type Audience, type AudienceState } from './audience.ts'

export interface StateLabel { text: string; tone: '' | 'good' | 'warn' | 'bad' }

export const stateLabels: Record<AudienceState, StateLabel> = {
  built: { text: 'built', tone: 'good' }, building: { text: 'building', tone: '' }, waiting: { text: 'waiting', tone: '' }, new: { text: 'not built yet', tone: '' },
  paused: { text: 'paused', tone: 'warn' }, failed: { text: 'build failed', tone: 'bad' }
}

export function stateLabel(audience: Audience): StateLabel {
  const state = stateOf(audience)
  const { job } = audience
  if (state !== 'building' || !job || job.total === 0) return stateLabels[state]
  return { ...stateLabels.building, text: `building ${Math.min(100, Math.floor((job.done / job.total) * 100))}%` }
}

/** Why it was not built, for who may do something about it. */
export function problemOfAudience(audience: Audience): string {
  const state = stateOf(audience)
  if (state === 'paused') return audience.paused ?? ''
  return state === 'failed' ? (audience.job?.error ?? 'The last build was cancelled and changed nothing.') : ''
}

/** With why they are gone, where they are. */
export function ownerName({ owner }: Pick<Audience, 'owner'>): string {
  return owner.gone ? `${owner.name} (${owner.gone})` : owner.name
}

/** How many members the last build found; '' for who may find only some of them: that is counted on the page of the audience. */
export function sizeFor(access: Access, audience: Audience, own: boolean): string {
  return audience.size !== null && (own || access.everyUser) ? formatNumber(audience.size) : ''
}
