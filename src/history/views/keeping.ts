import type { Option } from '../../form.ts'
import { formatCount } from '../../format.ts'
import { keepingChoices, keepingWords } from '../keeping.ts'

export interface KeepingModel {
  options: Option[]; chosen: string; now: string
  /** What goes, where the choice would remove anything and nobody has confirmed it yet. */
  goes: { text: string; days: string; words: string } | null
}

/** How long entries are kept, for the head of their list. */
export function keepingText(days: number | null): string {
  return days === null ? 'Kept for ever' : `Kept for ${keepingWords(days)}`
}

export function keepingModel(kept: number | null, goes: { days: number; entries: number } | null): KeepingModel {
  return {
    options: keepingChoices.map((days) => ({ value: String(days ?? ''), label: keepingWords(days) })), chosen: String((goes ? goes.days : kept) ?? ''), now: keepingText(kept),
    goes: goes && {
      days: String(goes.days), words: keepingWords(goes.days),
      text: `${formatCount(goes.entries, 'entry', 'entries')} ${goes.entries === 1 ? 'is' : 'are'} older than ${keepingWords(goes.days)} and ${goes.entries === 1 ? 'goes' : 'go'} within the hour, for good. What was set by hand stays as it is; only who set it, when, and the way to take it back are not in the history any more.`
    }
  }
}
