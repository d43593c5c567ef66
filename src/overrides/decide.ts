import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { insertHistory, setOutcome, type Actor } from '../history/queries.ts'
import { projectInPlace } from '../projection/in-place.ts'
import { inAct, scopeOf, type ActWriter } from '../projection/in-act.ts'
import { countDecided, insertDecisions, type Decision } from './queries/insert-decisions.ts'
import { refOf, type Target } from '../catalog/target.ts'

export type Operator = Actor

/** What the history says of an act: its kind and one sentence that names no value and no person. */
export interface ActTitle { kind: 'edit' | 'tag' | 'batch' | 'return'; title: string }

export interface Decided {
  /** The history entry; null where nothing had to be recorded. */
  entryId: string | null
  /** Users for whom something was recorded. */
  users: number
}

/** What is to happen with an act or not at all. */
export type Finish = (writer: ActWriter, entryId: string) => Promise<void>

class Nothing extends Error {}

/**
 * Records decisions about a few users at once (inlineAtMost) and shows them, in one transaction with their history. `check`
 * runs first in it, holding the users, `finish` last, where anything was recorded: what they throw ends the act. Throws
 * Outdated and Conflict like inAct.
 */
export async function decide(db: Db, catalog: Catalog, timeZone: string, users: readonly string[], decisions: readonly Decision[], act: ActTitle & { operator: Operator }, check?: (writer: ActWriter) => Promise<void>, finish?: Finish): Promise<Decided> {
  try {
    return await inAct(db, catalog, timeZone, users, async (writer) => {
      await check?.(writer)
      const entryId = await insertHistory(writer.db, { kind: act.kind, title: act.title, operator: act.operator })
      const about: string[] = []
      for (const decision of decisions) if (await insertDecisions(writer, scopeOf(users), decision, { entryId, operatorId: act.operator.id })) about.push(refOf(decision.target))
      const decided = await countDecided(writer, entryId)
      if (decided === 0) throw new Nothing()
      await setOutcome(writer.db, entryId, decided, about)
      await projectInPlace(writer, scopeOf(users), partsOf(decisions.map((decision) => decision.target)))
      await finish?.(writer, entryId)
      return { entryId, users: decided }
    })
  } catch (error) {
    if (error instanceof Nothing) return { entryId: null, users: 0 }
    throw error
  }
}

/** The tables of the projection that decisions about these targets change. */
export function partsOf(targets: readonly Target[]): { sources: NonNullable<Target['source']>[]; users: boolean } {
  const sources = new Map(targets.flatMap((target) => (target.source ? [[target.source.id, target.source] as const] : [])))
  return { sources: [...sources.values()], users: targets.some((target) => target.attribute) }
}
