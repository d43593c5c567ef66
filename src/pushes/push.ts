import type { Message } from '../destinations/message.ts'
import type { ExportSight } from '../exports/sight.ts'

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
  /** The number is null where the audience was deleted since. */
  audience: { id: number | null; name: string }
  /** A number of the person who alone is sent. */
  person: string | null
  destination: { id: number | null; name: string }
  /** With what they may do and see it runs. */
  operator: Operator
  createdAt: Date
  /** Why it does not run by itself until somebody does something about it. */
  paused: string | null
  /** It begins no run any more. */
  endedAt: Date | null
}

export type RunState = 'waiting' | 'running' | 'done' | 'interrupted' | 'cancelled' | 'skipped'

export interface PushRun {
  id: number; pushId: number; state: RunState; at: Date; startedAt: Date | null; endedAt: Date | null
  /** Whose act began it; null for its schedule. */
  by: string | null
  jobId: number | null; cancelling: boolean
  /** The run whose failed users it sends again. */
  againOf: number | null
  /** How many users there were to send; null before they were frozen. */
  total: number | null
  sent: number
  /** Refused by the destination for good. */
  refused: number
  /** Without any of the chosen IDs, or not found any more. */
  leftOut: number
  /** Users by ID type. */
  counts: Record<string, number>
  /** Batches that wait to be sent. */
  open: number
  /** Refused users whom no other run sends again. */
  failed: number
  problem: string | null
  file: string | null; bytes: number | null; madeAt: Date | null; sight: ExportSight | null
}

export interface Operator { id: number; name: string }

export const noPush = 'There is no such push.'

/** Has it neither ended nor been cut short? Then no other run of its push begins. */
export function isUnderWay(run: Pick<PushRun, 'state'>): boolean {
  return run.state === 'waiting' || run.state === 'running'
}

/** What is told where a push does not work while nobody looks. Names of audiences are not known to everybody. */
export function pushAlert(push: Pick<Push, 'id' | 'destination'>): { subject: string; permission: 'destinations'; message: string; href: string } {
  return { subject: `push:${push.id}`, permission: 'destinations', message: `Push ${push.id} to ${push.destination.name}`, href: `/pushes/${push.id}` }
}
