import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { formatTime } from '../format.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import { NotAllowed, NotFound } from '../problem.ts'
import { getKeeping } from './keeping.ts'
import { findOwnExport, type Export } from './queries.ts'
import { stillSees } from './sight.ts'

export interface ExportFile { file: string; name: string }

/** The file of an export for its owner, where they still see all that is in it. `begins`: it is fetched from its start, which the history says. */
export async function openExportFile(db: Db, { access, timeZone }: { access: Access; timeZone: string }, id: number, operator: Actor, begins: boolean): Promise<ExportFile> {
  const found = await findOwnExport(db, id, operator.id)
  if (!found?.file || isOver(found, await getKeeping(db))) throw new NotFound('There is no such file, or not any more.')
  if (found.sight && !stillSees(access, found.sight)) throw new NotAllowed('What you may see has changed since this file was made. Export again.')
  if (begins) await insertHistory(db, { kind: 'export', title: 'Export downloaded', operator: { id: operator.id, name: operator.name, tokenId: operator.tokenId ?? null }, jobId: found.jobId, usersAffected: found.rows })
  return { file: found.file, name: `users-${formatTime(found.madeAt!, timeZone).replaceAll(/\D/g, '')}-${found.id}.zip` }
}

/** The hourly deletion may not have come to it yet. */
function isOver({ madeAt }: Export, hours: number): boolean {
  return madeAt === null || Date.now() - madeAt.getTime() >= hours * 3_600_000
}

/** Whether a request is for the whole of a file or its beginning, and not for the rest of one. */
export function asksForBeginning(method: string, range: string | undefined): boolean {
  return method === 'GET' && (range === undefined || range.startsWith('bytes=0-'))
}
