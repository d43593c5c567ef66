import type { Message } from '../destinations/message.ts'
import type { JobStatus } from '../db/database.ts'

/** A field of the documents: a tag or attribute, under the name that the receiver knows it by. */
export interface PushField { ref: string; name: string }

export type Hash = 'md5' | 'sha256'

/** What a push sends of each user, and of whom. */
export interface PushContent {
  /** Codes of ID types; exactly one where there are fields. */
  idTypes: string[]
  fields: PushField[]
  /** Everybody each time, or who came and who left since the last run. */
  scope: 'whole' | 'change'
  /** How values are hashed in a matching file; null for every other destination. */
  hash: Hash | null
  /** What is written to each user, where people are reached. */
  message: Message | null
}

export interface Push extends PushContent {
  id: number
  /** Null where one person alone is sent, or the audience was deleted since. */
  audienceId: number | null
  /** A number of the person who alone is sent. */
  person: string | null
  destinationId: number
  operator: { id: number; name: string }
  createdAt: Date
  /** Why it does not run by itself until somebody does something about it. */
  paused: string | null
  /** Ended: it starts no run any more, and keeps its record alone. */
  endedAt: Date | null
}

export type RunState = 'waiting' | 'running' | 'done' | 'interrupted' | 'cancelled' | 'skipped'

export interface PushRun {
  id: number; pushId: number; state: RunState; at: Date; startedAt: Date | null; endedAt: Date | null
  /** Whose act began it; null for its schedule. */
  by: string | null
  jobId: number | null
  jobStatus: JobStatus | null
  /** The run whose failed users it sends again. */
  againOf: number | null
  /** How many users there were to send; null before they were counted. */
  total: number | null
  sent: number
  /** Refused by the destination for good: kept with their reasons. */
  refused: number
  /** Without any of the chosen IDs, or not found any more. */
  left: number
  /** Users by ID type. */
  counts: Record<string, number>
  /** Batches that wait to be sent. */
  open: number
  problem: string | null
  file: string | null; bytes: number | null; madeAt: Date | null
}

export interface Operator { id: number; name: string }

export const noPush = 'There is no such push.'

/** Has it neither ended nor been cut short? Then no other run of its push begins. */
export function isUnderWay(run: Pick<PushRun, 'state'>): boolean {
  return run.state === 'waiting' || run.state === 'running'
}
