import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { getEntry, insertHistory, insertItemsOf, setEntryUndone, setOutcome, type Entry } from '../history/queries.ts'
import { endJob } from '../jobs/end-job.ts'
import { publishTables } from '../projection/publish-tables.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import { JobStopped, type JobContext } from '../jobs/job.ts'
import { Conflict, NotFound } from '../problem.ts'
import { projectInPlace, type Writer } from '../projection/in-place.ts'
import { overrideMark } from '../projection/lock.ts'
import { nextValues, projectChanges } from '../projection/project-field.ts'
import { partsOf, type Operator } from './decide.ts'
import { inAct } from '../projection/in-act.ts'
import { findUndoable, keepUsersOf, listDecidedFields, listDecidedUsers, setUndone, undoneItems } from './queries/undo-decisions.ts'
import { attributeById, refOf, tagTarget, type Target } from '../catalog/target.ts'

/** Kinds of history entries whose decisions can be taken back. */
export const undoableKinds: readonly string[] = ['edit', 'tag', 'batch', 'return']

export interface Undone {
  /** The history entry of the undo; null where nothing could be put back, and so nothing was written. */
  entryId: string | null
  users: number
  /** Users that changed since, and stay as they are. */
  skipped: number
  values: number
  valuesSkipped: number
}

type TheUndo = Undone & { entryId: string }

class Nothing extends Error {
  readonly undone: Undone
  constructor(undone: Undone) {
    super('Nothing was put back: what it changed was changed again since.')
    this.undone = undone
  }
}

/**
 * Takes an act back: every value that nothing came after is again what it was, the others are skipped. At once, for acts
 * on few users (inlineAtMost); runUndo does the same for more. Throws Conflict where it was taken back before. `finish` runs last in the
 * same transaction, where anything was put back.
 */
export async function undoEntry(db: Db, catalog: Catalog, timeZone: string, entryId: string, operator: Operator, finish?: (db: Db, undone: Undone) => Promise<void>): Promise<Undone> {
  const users = await listDecidedUsers(db, entryId)
  try {
    return await inAct(db, catalog, timeZone, users, async (writer) => {
      const { undo, fields } = await takeBack(writer, entryId, operator, null)
      for (const { target, table, shown } of fields) {
        if (shown) await projectInPlace(writer, `(select distinct user_id from ${table} where user_id is not null)`, partsOf([target]))
        await insertItemsOf(writer, undo.entryId, undoneItems(writer, target, table))
      }
      await finish?.(writer.db, undo)
      return undo
    })
  } catch (error) {
    if (error instanceof Nothing) return error.undone
    throw error
  }
}

/** The job 'undo': the same for a batch. */
export async function runUndo(context: JobContext, payload: { entryId: string; operator: Operator }): Promise<unknown> {
  const result = await inDataTransaction(context, async (work) => {
    context.progress('Take back', 10, 100)
    const mark = await overrideMark(work.db)
    const { undo, fields } = await takeBack(work, payload.entryId, payload.operator, context.jobId).catch((error: unknown) => {
      if (error instanceof Nothing || error instanceof Conflict || error instanceof NotFound) throw new JobStopped(error.message)
      throw error
    })
    for (const { target, table, shown } of fields) {
      if (!shown) {
        await insertItemsOf(work, undo.entryId, undoneItems(work, target, table))
        continue
      }
      const users = await keepUsersOf(work, table)
      context.progress('Show', 40, 100)
      const changes = await nextValues(work, target, users)
      // Before the moment of publication: edits wait from then on.
      await insertItemsOf(work, undo.entryId, undoneItems(work, target, table, changes.next))
      await work.context.check()
      await projectChanges(work, target, changes, mark, { undoneBy: undo.entryId })
    }
    await publishTables(work, [], null, null)
    const counts = { usersBack: undo.users, usersSkipped: undo.skipped, entryId: undo.entryId }
    await endJob(work, counts)
    return counts
  })
  await context.enqueue({ kind: 'statistics', title: 'Counting values', payload: {}, operatorId: null })
  return result
}

/** `table` (id, user_id) holds the decisions about a field that are left out now. */
interface TakenBack {
  undo: TheUndo
  /** `shown`: its source has rows now, so that pages show what becomes of it. */
  fields: { target: Target; table: string; shown: boolean }[]
}

async function takeBack(writer: Writer & { db: Db }, entryId: string, operator: Operator, jobId: number | null): Promise<TakenBack> {
  const entry = await getEntry(writer.db, entryId)
  const undoId = await insertHistory(writer.db, { kind: 'undo', title: titleOf(entry), operator, jobId })
  if (!(await setEntryUndone(writer.db, entryId, undoId))) throw new Conflict('This was taken back already.')
  const found: TakenBack = { undo: { entryId: undoId, users: 0, skipped: 0, values: 0, valuesSkipped: 0 }, fields: [] }
  for (const field of await listDecidedFields(writer, entryId)) {
    const target = decidedTarget(writer.catalog, field) ?? unshownTarget(writer.catalog, field.columnId)
    // The tag or attribute is not there any more: nothing shows its values, and nothing is to be taken back.
    if (!target) continue
    const { table, undone, skipped } = await findUndoable(writer, entryId, target, jobId !== null)
    if (undone) await setUndone(writer, table, undoId)
    found.undo.users = Math.max(found.undo.users, undone)
    found.undo.skipped = Math.max(found.undo.skipped, skipped)
    found.undo.values += undone
    found.undo.valuesSkipped += skipped
    found.fields.push({ target, table, shown: !target.source || target.source.valuesTable !== null })
  }
  // An undo of nothing would only bar the way to a later one, when what came after it was taken back itself.
  if (found.undo.values === 0) throw new Nothing({ ...found.undo, entryId: null })
  await setOutcome(writer.db, undoId, found.undo.users, found.fields.map(({ target }) => refOf(target)))
  return found
}

export function decidedTarget(catalog: Catalog, { columnId, attributeId }: { columnId: number | null; attributeId: number | null }): Target | undefined {
  return columnId === null ? attributeById(catalog, attributeId) : tagTarget(catalog, columnId)
}

/** A tag of a source without rows: its first run was taken back, and the next one would show the decisions again. */
function unshownTarget(catalog: Catalog, columnId: number | null): Target | undefined {
  for (const source of catalog.sources) {
    const column = source.columns.find((candidate) => candidate.id === columnId && candidate.kind === 'tag')
    if (column && source.valuesTable === null) return { source, column, attribute: null }
  }
  return undefined
}

function titleOf(entry: Entry): string {
  return `Undo of: ${entry.title}`
}
