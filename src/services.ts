import type pg from 'pg'
import type { Db } from './db/database.ts'
import type { KeySeal } from './identities/key-seal.ts'
import type { Queue } from './jobs/queue.ts'

/** What features are given: the shared services, handed over rather than found. */
export interface Services {
  db: Db
  pool: pg.Pool
  queue: Queue
  /** Uploads and generated files live below it. */
  dataDir: string
  aesKey: string | null
  /** Match keys in addresses. */
  keySeal: KeySeal
  timeZone: string
  /** The one-time code of the set-up page; null once an administrator exists. */
  setUpCode: string | null
}
