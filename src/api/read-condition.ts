import { isDeepStrictEqual } from 'node:util'
import type { Access } from '../access/access.ts'
import { readCondition, type Condition } from '../catalog/condition.ts'
import { problemOf } from '../conditions/check-condition.ts'
import { Invalid } from '../problem.ts'

/** How deep a condition of a program may be. */
export const mostLevels = 8

/** The condition of a body as this operator may ask it; null where there is none, which is everybody. */
export function conditionIn(access: Access, given: object | undefined): Condition | null {
  if (given === undefined) return null
  const read = readCondition(given, mostLevels)
  // What readCondition leaves out was not understood, and would change whom it is about.
  if (!read || !isDeepStrictEqual(read, given)) throw new Invalid('The condition cannot be read.', { condition: `It is a tree of {"and": […]}, {"or": […]}, {"not": …}, {"noTag": true}, {"handSet": {"moved": …, "source": …}}, {"audience": {"how": …, "ids": […]}} and {"field": …, "operator": …, "values": […]}, at most ${mostLevels} levels deep, with nothing else in it.` })
  const problem = problemOf(access, read)
  if (problem) throw new Invalid(problem, { condition: problem })
  return read
}
