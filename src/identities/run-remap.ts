import { insertHistory } from '../history/queries.ts'
import { endJob } from '../jobs/end-job.ts'
import type { JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import type { Work } from '../jobs/work.ts'
import { publishTables } from '../projection/publish-tables.ts'
import { project } from '../projection/publish.ts'
import { setSetting } from '../settings/queries.ts'
import { differing, type ExceptionAct } from './exception.ts'
import { getMappingSettings, type MappingChange, type MappingException, type MappingSettings } from './mapping-settings.ts'
import { recordExceptionAct } from './record-exception-act.ts'
import { participating, remapRows, type MappingOutcome } from './remap-rows.ts'
import { resolveHashes } from './resolve-hashes.ts'

/** `act`: the change is one exception, made or taken back by an operator. */
export type RemapPayload = MappingChange & { operator?: { id: number; name: string } | null; act?: ExceptionAct }

/** The job 'remap': new mapping settings and the mapping that follows from them, in one transaction. */
export async function runRemap(context: JobContext, payload: RemapPayload): Promise<MappingOutcome> {
  return inDataTransaction(context, async (work) => {
    const total = work.catalog.sources.reduce((sum, source) => sum + source.rowCount, 0)
    context.progress('ID mapping', 0, total)
    const outcome = await remap(work, payload)
    context.progress('Show', Math.floor(total / 2), total)
    await work.run('create temp table mapped_users on commit drop as select old_user as user_id from moved union select new_user from moved')
    await work.run('create unique index on mapped_users (user_id); analyze mapped_users')
    await project(work, { users: 'mapped_users', attributes: 'mapped_users', mapped: 'mapped_users', source: null, rebuildSource: false })
    const entryId = payload.act ? await recordExceptionAct(work, payload.act, payload.operator ?? null, outcome) : await record(work, payload, outcome)
    await saveSettings(work, payload)
    await publishTables(work, [], null)
    await endJob(work, { ...outcome, entryId })
    return outcome
  })
}

async function record(work: Work, payload: RemapPayload, outcome: MappingOutcome): Promise<string> {
  return insertHistory(work.db, {
    kind: 'settings', operator: payload.operator ?? null, jobId: work.context.jobId, usersAffected: outcome.usersJoined + outcome.usersSplit,
    title: `Mapping settings changed: ${outcome.usersJoined.toLocaleString('en')} users joined, ${outcome.usersSplit.toLocaleString('en')} split`
  })
}

/** The mapping under changed settings, inside the caller's transaction: of all rows, or of those that other exceptions touch. */
export async function remap(work: Work, change: MappingChange): Promise<MappingOutcome> {
  const before = await getMappingSettings(work.db)
  const settings = { ...before, ...change }
  await work.run('create temp table old_keys (id_type smallint, match_key uuid, row_number bigint) on commit drop; create temp table aes_keys (id_type text, given text, match_key uuid) on commit drop')
  await resolveHashes(work)
  if (change.exceptions === undefined || Object.keys(change).some((name) => !['exceptions', 'act', 'operator'].includes(name))) return remapRows(work, settings, null, true)
  await touchExceptions(work, settings, differing(before.exceptions, change.exceptions))
  return remapRows(work, settings, { table: 'untouched_delta', sourceId: 0, runId: null, reason: '' }, false)
}

/** The rows that have a value whose exception changes are where the change begins; findTouched follows it from there. */
async function touchExceptions(work: Work, settings: MappingSettings, changed: readonly MappingException[]): Promise<void> {
  await work.run('create temp table untouched_delta (op text, row_number bigint) on commit drop')
  await work.run(`create temp table changed_keys on commit drop as select distinct t as id_type, k as match_key from unnest($1::smallint[], $2::uuid[]) e (t, k)`, [changed.map((one) => one.idType), changed.map((one) => one.matchKey)])
  await work.run('insert into changed_keys select h.id_type, h.match_key from plain_hashes h join changed_keys c on c.id_type = h.id_type and c.match_key = h.sha_key')
  await work.run(`create temp table changed_rows on commit drop as select distinct i.id_type, i.match_key, i.row_number from changed_keys c join lateral (select * from ${participating(work, settings)} i where i.match_key = c.match_key and i.id_type = c.id_type) i on true`)
  await work.run('insert into extra_touched select row_number from changed_rows')
  await work.run('insert into old_keys select id_type, match_key, row_number from changed_rows')
}

async function saveSettings(work: Work, { operator, ...change }: RemapPayload): Promise<void> {
  for (const type of change.idTypes ?? []) {
    await work.run('set constraints id_types_priority deferred')
    await work.run('update id_types set name = $2, priority = $3, single = $4, enabled = $5, mapping = $6 where id = $1', [type.id, type.name, type.priority, type.single, type.enabled, type.mapping])
  }
  if (change.overSharedLimit !== undefined) await setSetting(work.db, 'over_shared_limit', change.overSharedLimit)
  if (change.placeholders !== undefined) await setSetting(work.db, 'placeholders', change.placeholders)
  if (change.exceptions !== undefined) await saveExceptions(work, change.exceptions, operator?.id ?? null)
}

/** Exceptions that stay keep who made them, and when. */
async function saveExceptions(work: Work, exceptions: readonly MappingException[], operatorId: number | null): Promise<void> {
  const columns = [exceptions.map((one) => one.idType), exceptions.map((one) => one.matchKey), exceptions.map((one) => one.kind)]
  const wanted = 'unnest($1::smallint[], $2::uuid[], $3::text[]) w (id_type, match_key, kind)'
  await work.run(`delete from mapping_exceptions e where not exists (select from ${wanted} where w.id_type = e.id_type and w.match_key = e.match_key and w.kind = e.kind)`, columns)
  await work.run(`insert into mapping_exceptions (id_type, match_key, kind, operator_id) select w.id_type, w.match_key, w.kind, $4 from ${wanted} on conflict do nothing`, [...columns, operatorId])
}
