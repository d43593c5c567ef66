import { allTexts, isOn, textOf } from '../form.ts'
import type { ExportKind } from './column.ts'
import type { ExportChoice } from './queries.ts'

/** What the dialog holds. */
export interface ExportInput extends ExportChoice { search: string }

/** The dialog as it opens: as the operator left it, else everything but what is masked or encrypted. */
export function firstInput(kinds: readonly ExportKind[], last: ExportChoice | undefined): ExportInput {
  const all = kinds.flatMap(({ items }) => items)
  return { items: all.filter(({ ref, open }) => (last ? last.items.includes(ref) : open)).map(({ ref }) => ref), bom: last?.bom ?? true, guard: last?.guard ?? true, search: '' }
}

/**
 * Reads the form. Items that a search hid keep what they were. A kind that was switched off has none of its items; one that
 * was switched on without any has all of them.
 */
export function readInput(kinds: readonly ExportKind[], body: unknown): ExportInput {
  const ticked = new Set([...allTexts(body, 'item'), ...allTexts(body, 'kept')])
  const [on, before] = [new Set(allTexts(body, 'kind')), new Set(allTexts(body, 'before'))]
  const items = kinds.flatMap((kind) => {
    const own = kind.items.map(({ ref }) => ref)
    const chosen = own.filter((ref) => ticked.has(ref))
    if (before.has(kind.ref) && !on.has(kind.ref)) return []
    return !before.has(kind.ref) && on.has(kind.ref) && chosen.length === 0 ? own : chosen
  })
  return { items, bom: isOn(body, 'bom'), guard: isOn(body, 'guard'), search: textOf(body, 'search').slice(0, 200) }
}
