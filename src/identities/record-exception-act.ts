import { insertHistory, setEntryUndone } from '../history/queries.ts'
import type { Work } from '../jobs/work.ts'
import { kindOf, wordsOfKind, type ExceptionAct } from './exception.ts'
import { getMappingSettings, type ExceptionKind } from './mapping-settings.ts'
import { insertMappingAct } from './queries/exceptions.ts'
import type { MappingOutcome } from './remap-rows.ts'

/** The history entry of an act on one value, before the settings are saved. It names the type and never the value. */
export async function recordExceptionAct(work: Work, act: ExceptionAct, operator: { id: number; name: string } | null, outcome: MappingOutcome): Promise<string> {
  const before = kindOf((await getMappingSettings(work.db)).exceptions, act)
  const type = work.catalog.idTypes.find((one) => one.id === act.idType)?.name ?? 'an ID type'
  const entryId = await insertHistory(work.db, {
    kind: act.undoes ? 'undo' : 'mapping', operator, jobId: work.context.jobId, usersAffected: outcome.usersJoined + outcome.usersSplit,
    title: `${titleOf(type, before, act.kind)}: ${outcome.usersJoined.toLocaleString('en')} users joined, ${outcome.usersSplit.toLocaleString('en')} split`,
    items: [{ table: 'mapping_exceptions', column: `A value of ${type}`, before: wordOf(before), after: wordOf(act.kind) }]
  })
  await insertMappingAct(work.db, { entryId, idType: act.idType, matchKey: act.matchKey, before, after: act.kind })
  if (act.undoes) await setEntryUndone(work.db, act.undoes, entryId)
  return entryId
}

/** One sentence for people, such as "A value of Mobile excluded from ID mapping". */
export function titleOf(type: string, before: ExceptionKind | null, after: ExceptionKind | null): string {
  if (after === 'exclude') return `A value of ${type} excluded from ID mapping`
  if (after === 'allow') return `A refused value of ${type} allowed to join`
  return before === 'allow' ? `A refused value of ${type} no longer allowed to join` : `A value of ${type} no longer excluded from ID mapping`
}

function wordOf(kind: ExceptionKind | null): string {
  return kind ? wordsOfKind[kind] : 'like any other'
}
