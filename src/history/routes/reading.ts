import type { FastifyRequest } from 'fastify'
import { roleMay } from '../../access/permissions.ts'
import { labelsOf, type LineOptions } from '../lines.ts'
import { sightOf } from '../sight.ts'

/** What the operator of a request sees of the history, and may take back. */
export function optionsFor({ operator, ...request }: Pick<FastifyRequest, 'operator' | 'catalog' | 'access'>, timeZone: string): LineOptions {
  const { role } = operator ?? { role: '' }
  const { catalog, access } = request
  const mayUndo = roleMay(role, 'user_360.undo')
  return { access, sight: sightOf(catalog, access), timeZone, labels: labelsOf(access), mayUndo, mayUndoRuns: mayUndo && roleMay(role, 'imports'), mayMap: mayUndo && roleMay(role, 'id_types') }
}
