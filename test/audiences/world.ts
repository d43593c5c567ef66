import type { Condition } from '../../src/catalog/condition.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { addAudience, type Saved, type Wanted } from '../../src/audiences/save-audience.ts'
import { findAudience } from '../../src/audiences/queries.ts'
import type { Audience, Details, Operator } from '../../src/audiences/audience.ts'
import type { Queue } from '../../src/jobs/queue.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { currentRights } from '../../src/operators/current-rights.ts'
import type { TestApp } from '../helper.ts'
import { usersOn, where } from '../users/world.ts'

export const queue: Queue = { enqueue: insertJob, wake: async () => {}, stop: async () => {} }

export const admin: Operator = { id: 1, name: 'Lin Yating' }

/** Adds an audience as its page does, under what the operator may see now. */
export async function add({ db }: Pick<TestApp, 'db'>, name: string, rules: Condition | null, more: Partial<Details & Pick<Wanted, 'selectionId' | 'schedule'>> & { operator?: Operator } = {}): Promise<Saved> {
  const { operator = admin, selectionId, schedule = null, ...details } = more
  const rights = await currentRights(db, await getCatalog(db), operator.id)
  if (!rights) throw new Error('nobody')
  return addAudience(db, queue, rights.access, { details: { name, description: '', shared: false, groupId: null, ...details }, rules, schedule, ...(selectionId ? { selectionId } : {}) }, operator)
}

export async function audienceOf({ db }: Pick<TestApp, 'db'>, id: number): Promise<Audience> {
  const audience = await findAudience(db, id)
  if (!audience) throw new Error(`no audience ${id}`)
  return audience
}

/** The users of the list under a filter by audiences, by number. */
export async function members(as: TestApp['as'], how: string, ...ids: number[]): Promise<string[]> {
  const answer = await as({ url: `/users?${where(['audience', how, ...ids.map(String)])}` })
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${answer.body.slice(0, 1500)}`)
  return usersOn(answer).toSorted((a, b) => Number(a) - Number(b))
}
