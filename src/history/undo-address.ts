import { undoableKinds } from '../overrides/undo.ts'

/** Of an entry, what says whether and where it can be taken back. */
export interface Undoable { id: string; kind: string; usersAffected: number | null; undoneBy: string | null; runId: number | null; runUndoable: boolean }

/**
 * Where an entry is taken back: a page that says first what will go for a batch or a run, the act itself for a few users.
 * Null where that is not possible.
 */
export function undoAddress(entry: Undoable): { href: string; asks: boolean } | null {
  if (entry.undoneBy !== null) return null
  if (entry.kind === 'import') return entry.runUndoable && entry.runId !== null ? { href: `/settings/imports/${entry.runId}/undo`, asks: true } : null
  if (entry.kind === 'mapping') return { href: `/settings/mapping-acts/${entry.id}/undo`, asks: true }
  if (!undoableKinds.includes(entry.kind)) return null
  return { href: `/history/${entry.id}/undo`, asks: entry.kind === 'batch' || (entry.usersAffected ?? 0) > 1 }
}
