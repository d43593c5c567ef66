import type { Message } from './message.ts'

/** One user as it is sent: the document is JSON text in the documented format, made in SQL under the Access of who set the push up. */
export interface Outgoing { userId: string; document: string }

/** What became of one: sent, refused for good (with the reason in words), or to be tried again. */
export interface Outcome { userId: string; status: 'sent' | 'refused' | 'retry'; reason: string }

export interface Sender {
  /** How many users a batch had best hold; more or fewer work as well. */
  readonly batchSize: number
  /**
   * Sends a batch in order; answers one outcome per user, in the same order. Throws DestinationDown where nothing can be reached: the caller
   * waits and sends the batch again, by this sender or another. `key` names the batch for good: the same key and the same users when it is repeated.
   */
  send(batch: readonly Outgoing[], key: string, signal: AbortSignal): Promise<Outcome[]>
  close(): Promise<void>
}

/** What is sent, and for whom. */
export interface SendContext {
  pushId: number
  /** Null where one person alone is sent. */
  audienceId: number | null
  /** Of this push; a run that is resumed keeps it. */
  runId: number
  /** What is written to each user: needed for e-mail, and makes a webhook send text messages. */
  message?: Message
}

/** Nothing can be sent now, in words for people. Never names a secret. */
export class DestinationDown extends Error {
  /** Waiting will hardly help: a wrong password, a missing topic. */
  readonly lasting: boolean
  /** As long as the destination asked for; null where it did not. */
  readonly waitSeconds: number | null
  constructor(message: string, { lasting = false, waitSeconds = null }: { lasting?: boolean; waitSeconds?: number | null } = {}) {
    super(message)
    this.lasting = lasting
    this.waitSeconds = waitSeconds
  }
}

/** The version of the documents and of what is around them; docs/destinations.md describes it. */
export const schemaVersion = 1

/** A user as documents hold it. */
export interface UserDocument {
  userId: string
  ids: { type: string; value: string; encryption: string }[]
  fields: Record<string, unknown>
}
