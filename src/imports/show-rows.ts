import { getMappingSettings } from '../identities/mapping-settings.ts'
import { remapRows, type MappingOutcome } from '../identities/remap-rows.ts'
import { resolveHashes } from '../identities/resolve-hashes.ts'
import type { Delta, Work } from '../jobs/work.ts'
import { project } from '../projection/publish.ts'

/** Beyond this share of all rows the components are not searched one by one. */
const everythingShare = 0.3

export interface ShowOptions {
  runId: number | null
  reason: string
  /** The rows of the source stand in a new version of their table. */
  rebuilt: boolean
  /** Rows outside the delta may mean something else than before, too. */
  reshaped: boolean
  rowsSeen: number
  /** Ends decisions of users as they are mapped now, or lets them count again; leaves those users in `ended_users`, and answers how many decisions changed. */
  changeDecisions?: () => Promise<number>
}

/**
 * From changed rows to changed pages: ID mapping and projection for what a delta touches. What an import, its undo, the removal
 * of a source and the removal of a person have in common. Expects the rows and identities written (store-identities.ts).
 */
export async function showRows(work: Work, delta: Delta, options: ShowOptions): Promise<MappingOutcome> {
  if (delta.rows === 0 && !options.rebuilt) return showEnded(work, delta, options)
  const total = work.catalog.sources.reduce((sum, source) => sum + source.rowCount, 0)
  const everything = options.reshaped || delta.rows > everythingShare * Math.max(1, total)
  await resolveHashes(work)
  const outcome = await remapRows(work, await getMappingSettings(work.db), { table: 'identity_delta', sourceId: delta.source.id, runId: options.runId, reason: options.reason }, everything)
  await work.context.check()
  work.context.progress('Show', Math.floor(options.rowsSeen * 0.8), options.rowsSeen)
  // Whoever held the numbers of removed rows that came back (return-numbers.ts) changes with them.
  await work.run('create temp table if not exists former_holders (user_id bigint) on commit drop')
  await work.run(`create temp table mapped_users on commit drop as select old_user as user_id from moved union select new_user from moved union select user_id from gone union select user_id from former_holders where user_id is not null`)
  await work.run('create unique index on mapped_users (user_id); analyze mapped_users')
  const ended = (await options.changeDecisions?.()) ?? 0
  if (!everything) {
    await work.run(`create temp table affected_users on commit drop as
      select user_id from mapped_users union select coalesce(a.user_id, d.row_number) from ${delta.table} d left join row_aliases a on a.row_number = d.row_number where d.op <> 'removed'`)
    await work.run('create unique index on affected_users (user_id); analyze affected_users')
    // What ended is about tags of the source.
    if (ended) await work.run('create temp table touched_users on commit drop as select user_id from affected_users union select user_id from ended_users; create unique index on touched_users (user_id); analyze touched_users')
  }
  await project(work, { users: everything ? null : ended ? 'touched_users' : 'affected_users', attributes: everything ? null : 'affected_users', mapped: 'mapped_users', source: delta.source, rebuildSource: options.rebuilt })
  return outcome
}

/** No row changed, but decisions may have ended or returned. */
async function showEnded(work: Work, delta: Delta, options: ShowOptions): Promise<MappingOutcome> {
  if (await options.changeDecisions?.()) {
    await work.run('create temp table mapped_users (user_id bigint) on commit drop')
    await project(work, { users: 'ended_users', attributes: 'mapped_users', mapped: 'mapped_users', source: delta.source, rebuildSource: false })
  }
  return { usersNew: 0, usersJoined: 0, usersSplit: 0, joinsRefused: 0 }
}
