import type { Starter } from '../schedules/starter.ts'
import { findAudience } from './queries.ts'
import { alertAbout, requestBuild } from './request-build.ts'

/** Builds an audience by its schedule; one that is paused, or is built already, is left alone. */
export const startBuild: Starter = async (trx, audienceId, { queue }) => {
  const audience = await findAudience(trx, audienceId)
  if (!audience || audience.paused !== null || audience.job?.status === 'waiting' || audience.job?.status === 'running') return null
  return requestBuild(trx, queue, audienceId, null, { alert: alertAbout(audience) })
}
