import type pg from 'pg'
import type { Outside } from './config.ts'
import type { Db } from './db/database.ts'
import type { KeySeal } from './identities/key-seal.ts'
import type { SecretSeal } from './operators/secret-seal.ts'
import type { JobHandlers } from './jobs/job.ts'
import type { Queue } from './jobs/queue.ts'
import type { Meters } from './metrics/meters.ts'
import type { Mailer } from './mail/mailer.ts'

/** What features are given: the shared services, handed over rather than found. */
export interface Services {
  db: Db
  pool: pg.Pool
  queue: Queue
  /** Every kind of job: what it keeps of its work elsewhere ends with it where one is cancelled. */
  handlers: JobHandlers
  /** Uploads and generated files live below it. */
  dataDir: string
  aesKey: string | null
  /** Match keys in addresses. */
  keySeal: KeySeal
  /** Secrets of authenticator apps. */
  secretSeal: SecretSeal
  timeZone: string
  /** Sends mails; null where no mail server is configured. */
  mailer: Mailer | null
  /** What destinations may use and reach. */
  outside: Outside
  /** Where operators reach the console; null where nobody said. */
  publicUrl: string | null
  /** What /metrics tells, to whoever has the token; null where that is not set. */
  metrics: { token: string; meters: Meters } | null
  /** The one-time code of the set-up page; null once an administrator exists. */
  setUpCode: string | null
}
