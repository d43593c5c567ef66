import type { Condition } from '../catalog/condition.ts'
import type { AudienceKind, JobStatus } from '../db/database.ts'
import type { Actor } from '../history/queries.ts'

export interface BuildJob { id: number; status: JobStatus; stage: string | null; done: number; total: number; error: string | null }

/** What is known of a list of IDs that was uploaded. */
export interface IdCounts { found: number; missing: number; ambiguous: number }

/** `gone`: why nothing is built with what they see any more, or ''. */
export interface Owner { id: number; name: string; gone: '' | 'switched off' | 'removed' }

export interface Audience {
  id: number; name: string; description: string
  owner: Owner
  shared: boolean; groupId: number | null; kind: AudienceKind
  /** Null where nothing is asked, or members were not found by conditions. */
  rules: Condition | null
  size: number | null; came: number | null; went: number | null; builtAt: Date | null; builtBy: string | null
  ids: IdCounts | null
  /** Why it is not built until somebody does something about it. */
  paused: string | null
  /** The last job that built it or was to. */
  job: BuildJob | null
  /** Rises with every change, so that two people do not write over one another. */
  version: number
}

export type Operator = Actor & { administrator?: boolean }

/** Everything that a form may set beside the choice. */
export interface Details { name: string; description: string; shared: boolean; groupId: number | null }

export const ungrouped = 'Ungrouped'
export const noAudience = 'There is no such audience.'

export type AudienceState = 'waiting' | 'building' | 'paused' | 'failed' | 'new' | 'built'

/** Where an audience stands; one that cannot be built keeps the members of its last build. */
export function stateOf({ job, paused, builtAt }: Pick<Audience, 'job' | 'paused' | 'builtAt'>): AudienceState {
  if (job?.status === 'waiting') return 'waiting'
  if (job?.status === 'running') return 'building'
  if (paused !== null) return 'paused'
  if (job && job.status !== 'done') return 'failed'
  return builtAt === null ? 'new' : 'built'
}

/**
 * Who may change, build and delete an audience: its owner alone, since it is built with what the owner sees, and whoever chose
 * its rules would learn of that by counting.
 */
export function isOwn(audience: Pick<Audience, 'owner'>, operator: { id: number }): boolean {
  return audience.owner.id === operator.id
}

/** Who may take it over where its owner is gone: whoever manages audiences; a private one is shown to administrators alone. */
export function isForsakenFor(audience: Pick<Audience, 'owner' | 'shared'>, operator: Pick<Operator, 'administrator'>): boolean {
  return audience.owner.gone !== '' && (audience.shared || operator.administrator === true)
}

/** Its owner, and for want of one an administrator, may delete it. */
export function mayDelete(audience: Pick<Audience, 'owner'>, operator: { id: number; administrator?: boolean }): boolean {
  return isOwn(audience, operator) || (audience.owner.gone !== '' && operator.administrator === true)
}

/** What an alert about it is known by. */
export function alertSubject(id: number): string {
  return `audience:${id}`
}

/** What the history calls it: the name of a private audience is known to its owner alone. */
export function calledInHistory({ name, shared }: { name: string; shared: boolean }): string {
  return shared ? `Audience ${name}` : 'A private audience'
}
