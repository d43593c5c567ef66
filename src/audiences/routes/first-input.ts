import type { FastifyRequest } from 'fastify'
import type { Db } from '../../db/database.ts'
import { textOf } from '../../form.ts'
import { Invalid } from '../../problem.ts'
import { conditionOf, readQueryText } from '../../users/user-query.ts'
import { groupIdOf } from '../forms.ts'
import { findAudience } from '../queries.ts'
import { groupOf } from '../rule-tree.ts'
import { rulesFor } from '../views/audience.ts'
import type { FormInput } from '../views/form.ts'

/** What a new audience begins with: the query of the list, users chosen there, the rules of another audience, or nothing. */
export async function firstInput(db: Db, request: FastifyRequest): Promise<FormInput> {
  const { access, query: params } = request
  const details = { name: '', description: '', shared: false, groupId: groupIdOf(textOf(params, 'group')) }
  if (textOf(params, 'choice')) return { details, draft: null, schedule: null }
  const copied = groupIdOf(textOf(params, 'copy'))
  const model = copied !== null && access.audience(copied) ? await findAudience(db, copied) : undefined
  if (model?.kind === 'rules' && rulesFor(access, model).note === '') {
    return { details: { ...details, name: `Copy of ${model.name}`.slice(0, 100), description: model.description, groupId: model.groupId }, draft: { group: groupOf(model.rules ?? { and: [] }), editor: null }, schedule: null }
  }
  const { query, problems } = readQueryText(access, textOf(params, 'in'))
  if (problems.length) throw new Invalid(`This list is too old: ${problems[0]} Reload it and save it again.`)
  return { details, draft: { group: groupOf(conditionOf(query)), editor: null }, schedule: null }
}
