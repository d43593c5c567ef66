import { insertHistory } from '../history/queries.ts'
import { endJob } from '../jobs/end-job.ts'
import type { JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import type { Work } from '../jobs/work.ts'
import { publishTables } from '../projection/publish-tables.ts'
import { project } from '../projection/publish.ts'
import { setSetting } from '../settings/queries.ts'
import { getMappingSettings, type MappingChange } from './mapping-settings.ts'
import { remapRows, type MappingOutcome } from './remap-rows.ts'
import { resolveHashes } from './resolve-hashes.ts'

/** The job 'remap': new mapping settings and the mapping that follows from them, in one transaction. */
export async function runRemap(context: JobContext, payload: MappingChange & { operator?: { id: number; name: string } | null }): Promise<MappingOutcome> {
  return inDataTransaction(context, async (work) => {
    const total = work.catalog.sources.reduce((sum, source) => sum + source.rowCount, 0)
    context.progress('ID mapping', 0, total)
    const outcome = await remapEverything(work, payload)
    context.progress('Show', Math.floor(total / 2), total)
    await work.run('create temp table mapped_users on commit drop as select old_user as user_id from moved union select new_user from moved')
    await work.run('create unique index on mapped_users (user_id); analyze mapped_users')
    await project(work, { users: 'mapped_users', mapped: 'mapped_users', source: null, rebuildSource: false })
    await insertHistory(work.db, {
      kind: 'settings', operator: payload.operator ?? null, jobId: context.jobId, usersAffected: outcome.usersJoined + outcome.usersSplit,
      title: `Mapping settings changed: ${outcome.usersJoined.toLocaleString('en')} users joined, ${outcome.usersSplit.toLocaleString('en')} split`
    })
    await saveSettings(work, payload)
    await publishTables(work, [], null)
    await endJob(work, outcome)
    return outcome
  })
}

/** The mapping of all rows under changed settings, inside the caller's transaction. */
export async function remapEverything(work: Work, change: MappingChange): Promise<MappingOutcome> {
  const settings = { ...(await getMappingSettings(work.db)), ...change }
  await work.run('create temp table old_keys (id_type smallint, match_key uuid, row_number bigint) on commit drop; create temp table aes_keys (id_type text, given text, match_key uuid) on commit drop')
  await resolveHashes(work)
  return remapRows(work, settings, null, true)
}

async function saveSettings(work: Work, change: MappingChange): Promise<void> {
  for (const type of change.idTypes ?? []) {
    await work.run('set constraints id_types_priority deferred')
    await work.run('update id_types set name = $2, priority = $3, single = $4, enabled = $5, mapping = $6 where id = $1', [type.id, type.name, type.priority, type.single, type.enabled, type.mapping])
  }
  if (change.overSharedLimit !== undefined) await setSetting(work.db, 'over_shared_limit', change.overSharedLimit)
  if (change.placeholders !== undefined) await setSetting(work.db, 'placeholders', change.placeholders)
  if (change.exceptions !== undefined) {
    await work.run('delete from mapping_exceptions')
    await work.run('insert into mapping_exceptions (id_type, match_key, kind) select * from unnest($1::smallint[], $2::uuid[], $3::text[])', [change.exceptions.map((one) => one.idType), change.exceptions.map((one) => one.matchKey), change.exceptions.map((one) => one.kind)])
  }
}
