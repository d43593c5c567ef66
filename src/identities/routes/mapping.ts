import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { holdLane } from '../../jobs/hold-lane.ts'
import { findOpenJobOfKind } from '../../jobs/queries.ts'
import type { Services } from '../../services.ts'
import { parseMapping, readMapping, type MappingInput } from '../forms.ts'
import { getMappingSettings, type MappingChange, type MappingSettings } from '../mapping-settings.ts'
import { previewMapping } from '../preview-mapping.ts'
import { markOf, requestRemap } from '../request-remap.ts'
import { changesOfMapping, confirmModel, idTypesModel, type Change } from '../views/id-types.ts'

export function mappingInputOf(settings: MappingSettings): MappingInput {
  return { overSharedLimit: String(settings.overSharedLimit), placeholders: settings.placeholders.join('\n') }
}

export interface Asked { settings: MappingSettings; change: MappingChange; changes: Change[]; title: string; action: string; hidden: Record<string, string>; backUrl: string }

/** First shows what a change of ID mapping would do; once that was confirmed, puts it into the data lane. */
export async function confirmOrApply(services: Services, request: FastifyRequest, reply: FastifyReply, asked: Asked): Promise<FastifyReply> {
  const confirmed = textOf(request.body, 'confirmed')
  if (confirmed) {
    const jobId = await requestRemap(services.db, services.queue, asked.change, actorOf(request), asked.title, confirmed)
    if (jobId !== undefined) return reply.goTo(`/settings/jobs/${jobId}`)
  }
  const effect = await holdLane(services.pool, () => previewMapping(services.pool, asked.change, services.aesKey))
  return reply.page('identities/confirm', confirmModel({
    ...asked, ...effect, hidden: { ...asked.hidden, confirmed: markOf(asked.settings, asked.change) },
    problem: confirmed ? 'The settings changed while you were looking. Here is what your change would do now.' : ''
  }), { title: 'Change ID mapping' })
}

export function registerMapping(app: FastifyInstance, services: Services): void {
  app.post('/settings/id-types/mapping', { config: { permission: 'id_types' } }, async (request, reply) => {
    const settings = await getMappingSettings(services.db)
    const input = readMapping(request.body)
    const { value, messages } = parseMapping(input)
    if (!value) {
      const busyJob = (await findOpenJobOfKind(services.db, 'remap')) ?? null
      return reply.page('identities/id-types', idTypesModel(request.catalog, input, { aesKey: services.aesKey !== null, busyJob }, messages), { title: 'ID types', status: 422 })
    }
    const changes = changesOfMapping(settings, value)
    if (changes.length === 0) return reply.notice('Nothing was changed.').goTo('/settings/id-types')
    return confirmOrApply(services, request, reply, {
      settings, change: value, changes, title: 'ID mapping: limits changed', action: '/settings/id-types/mapping',
      hidden: { overSharedLimit: input.overSharedLimit, placeholders: input.placeholders }, backUrl: '/settings/id-types'
    })
  })
}
