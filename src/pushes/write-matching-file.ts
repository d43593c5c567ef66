import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readSnapshot } from '../db/snapshot.ts'
import type { SettingsOf } from '../destinations/destination.ts'
import { newFileName } from '../exports/folder.ts'
import { readRows } from '../exports/queries/read-rows.ts'
import { exportSight } from '../exports/sight.ts'
import { formatCount, formatNumber } from '../format.ts'
import { JobStopped, type JobContext } from '../jobs/job.ts'
import { idKeysOf } from '../users/id-keys.ts'
import { pushableTypes } from './document.ts'
import { makeMatchingFolder } from './files.ts'
import { MatchingZip } from './matching-zip.ts'
import type { Push, PushRun } from './push.ts'
import { kindsOf } from './queries/id-values.ts'
import { matchingRows } from './queries/matching-rows.ts'
import { readRecipients } from './queries/recipients.ts'
import { setRunFile } from './queries/runs.ts'
import { rightsFor } from './rights.ts'
import { withFreshTables } from './with-fresh-tables.ts'
import { writeValues, type Written } from './write-values.ts'

type Bound = { id: number; roleIds: number[]; settings: SettingsOf['data_bank'] }

/** Writes the matching file of a run: for each ID type the hashed values of the members, in pieces of as many rows as the receiver takes. */
export async function writeMatchingFile(context: JobContext, run: PushRun, push: Push, destination: Bound): Promise<void> {
  const { db, timeZone, aesKey, dataDir } = context
  await withFreshTables(async () => {
    const prepared = await readSnapshot(db, async (snapshot) => {
      const access = await rightsFor(snapshot, push, destination)
      const reading = { timeZone, keys: idKeysOf(access, aesKey) }
      const ids = pushableTypes(access, push.idTypes)
      return { access, reading, ids, recipients: await readRecipients(snapshot, access, reading, push, ids) }
    })
    const { access, reading, ids, recipients } = prepared
    refuseSize(recipients.reached, destination.settings)
    const file = newFileName()
    const path = join(await makeMatchingFolder(dataDir), file)
    const zip = new MatchingZip(path, push.hash!, destination.settings.rowsPerFile)
    const written: Written = { counts: {}, other: 0, unreadable: 0 }
    try {
      await readRows(context, access, matchingRows(access, reading, push, ids), (rows) => writeValues(rows, zip, written, (lines) => context.progress('Writing', Math.min(lines, recipients.reached), recipients.reached), { kinds: ids.map((columns) => kindsOf([columns])), hash: push.hash!, aesKey }))
      const bytes = await zip.end()
      await context.check()
      const places = ids.flatMap((columns) => columns.places.map(({ source, column }) => ({ source, column })))
      await setRunFile(db, run.id, { file, bytes, sight: exportSight(access, [{ name: '', kind: 'ids', masked: false, places }]), total: recipients.users, sent: recipients.reached, leftOut: recipients.users - recipients.reached, counts: written.counts, note: noteOf(written) })
    } catch (error) {
      await zip.abandon()
      await rm(path, { force: true })
      throw error
    }
  })
}

function refuseSize(users: number, { least, most }: SettingsOf['data_bank']): void {
  if (users < least) throw new JobStopped(`The receiver takes ${formatCount(least, 'user')} or more, and only ${formatNumber(users)} have an ID that can be matched.`)
  if (users > most) throw new JobStopped(`The receiver takes ${formatCount(most, 'user')} or fewer, and ${formatNumber(users)} have an ID that can be matched.`)
}

function noteOf({ other, unreadable }: { other: number; unreadable: number }): string | null {
  const parts = [other ? `${formatCount(other, 'value')} hashed the other way` : '', unreadable ? `${formatCount(unreadable, 'value')} that cannot be read` : ''].filter(Boolean)
  return parts.length ? `Left out: ${parts.join(', ')}.` : null
}
