import { rm } from 'node:fs/promises'
import type { Db } from '../db/database.ts'
import { deleteUpload, type Upload } from './queries.ts'

/** Takes an upload away, record and file. */
export async function discardUpload(db: Db, upload: Pick<Upload, 'id' | 'path'>): Promise<void> {
  if (await deleteUpload(db, upload.id)) await rm(upload.path, { force: true })
}
