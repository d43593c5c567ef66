import { keptSecret } from '../db/kept-secret.ts'
import type { Work } from '../jobs/work.ts'

const block = 64

/**
 * Lets `digestSql` be used until the end of the transaction. The key stands in a file of the data folder and is handed to
 * the database as a setting of the transaction: it is in no statement, and so in no log.
 */
export async function useErasureKey(work: Work): Promise<void> {
  const key = Buffer.from(await keptSecret(work.context.dataDir, 'erasure-key', 'Put the file back from a backup: without it, imports would bring people back who were erased.'))
  const pad = (byte: number) => Buffer.from(Array.from({ length: block }, (_, at) => (key[at] ?? 0) ^ byte)).toString('hex')
  await work.rows('select set_config($1, $2, true), set_config($3, $4, true)', ['user360.inner', pad(0x36), 'user360.outer', pad(0x5c)])
}

/** SQL: HMAC-SHA256 (RFC 2104) of a text under the installation's key for erasures. */
export function digestSql(text: string): string {
  return `sha256(decode(current_setting('user360.outer'), 'hex') || sha256(decode(current_setting('user360.inner'), 'hex') || convert_to(${text}, 'UTF8')))`
}
