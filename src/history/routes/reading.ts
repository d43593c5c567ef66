import type { FastifyRequest } from 'fastify'
import { may, type Permission } from '../../access/permissions.ts'
import { labelsOf, type LineOptions } from '../lines.ts'
import { sightOf } from '../sight.ts'

/** What the operator of a request sees of the history, and may take back. */
export function optionsFor({ operator, ...request }: Pick<FastifyRequest, 'operator' | 'catalog' | 'access'>, timeZone: string): LineOptions {
  const { catalog, access } = request
  const allowed = (permission: Permission) => operator !== null && may(operator, permission)
  const mayUndo = allowed('user_360.undo')
  return { access, sight: sightOf(catalog, access), timeZone, labels: labelsOf(access), may: allowed, mayUndo, mayUndoRuns: mayUndo && allowed('imports'), mayMap: mayUndo && allowed('id_types') }
}
