import type { Services } from '../../services.ts'
import type { Circumstances } from '../forms/kind-form.ts'

export const config = { permission: 'destinations' as const }
export const ofDestination = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } }, required: ['id'] } }
export interface WithDestination { Params: { id: number } }

export function circumstancesOf({ outside }: Services): Circumstances {
  return { privateRanges: outside.privateRanges, mailServer: outside.smtpUrl !== undefined, mailFrom: outside.mailFrom ?? '' }
}
