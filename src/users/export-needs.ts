import { audiencesIn } from '../catalog/condition.ts'
import type { Permission } from '../access/permissions.ts'
import { conditionOf, type UserQuery } from './user-query.ts'

/** What one must be allowed to for a file of the users of a query: downloading an audience is a right of its own, and so is everybody else. */
export function exportNeeds(query: UserQuery): Permission[] {
  if (audiencesIn(conditionOf(query)).length === 0) return ['user_360.export']
  const [only, ...more] = query.where
  const whole = only !== undefined && more.length === 0 && query.id === '' && query.levels.length === 0 && 'audience' in only && only.audience.how !== 'none'
  return whole ? ['audiences.download'] : ['audiences.download', 'user_360.export']
}
