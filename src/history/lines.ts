import type { May } from '../access/permissions.ts'
import type { Access } from '../access/access.ts'
import { maskedWhole } from '../access/mask.ts'
import { findField, listFields, type Field } from '../conditions/field.ts'
import { formatCount } from '../format.ts'
import { kindLabels, policyLabels } from './labels.ts'
import type { EntryRow } from './queries/entries.ts'
import type { ItemRow } from './queries/items.ts'
import { exportWord } from './export-words.ts'
import { mayChange, type Sight } from './sight.ts'
import { undoAddress } from './undo-address.ts'
import { formatMinute } from '../users/format-value.ts'
import { wordOf } from './words.ts'

/** One change, as a line says it: '' is empty. */
export interface ChangeLine { label: string; before: string; after: string; policy: string }

export interface EntryLine {
  id: string; when: string; who: string; kind: string; what: string
  /** 'API' where a program did it, or ''. */
  via: string
  changes: ChangeLine[]
  undo: { href: string; asks: boolean } | null
  undone: boolean
}

export interface LineOptions {
  access: Access; sight: Sight; timeZone: string; labels: Map<string, string>; mayUndo: boolean; mayUndoRuns: boolean; mayMap?: boolean
  /** Whether links to runs, sources, jobs and users lead anywhere. */
  may?: May
  /** Numbers as they are kept, for a file that programs read. */
  plain?: boolean
}

/** What an entry says to this operator: labels that they may not see are in no title. */
export function entryLine(entry: EntryRow, options: LineOptions): EntryLine {
  return {
    id: entry.id, when: formatMinute(entry.at, options.timeZone), who: whoOf(entry), kind: kindLabels[entry.kind] ?? entry.kind, what: whatOf(entry, options), via: entry.token === null ? '' : 'API',
    changes: [], undo: undoOf(entry, options), undone: entry.undoneBy !== null
  }
}

export function changeLine(item: ItemRow, { access, sight, timeZone, labels, plain }: LineOptions): ChangeLine {
  if (item.table === 'exports') return { label: item.column, before: '', after: exportWord(access, sight, item.column, item.after), policy: '' }
  const field = item.ref === null ? undefined : findField(access, item.ref)
  const type = plain && field?.type === 'number' ? 'text' : (field?.type ?? null)
  const say = (value: unknown) => (value === maskedWhole ? maskedWhole : wordOf(value, type, access, timeZone))
  return { label: labelOf(item, labels), before: say(item.before), after: say(item.after), policy: item.policy === null ? '' : (policyLabels[item.policy] ?? '') }
}

/** Labels by reference; tags of one name carry their source as well. */
export function labelsOf(access: Access): Map<string, string> {
  return new Map(listFields(access).map((field: Field) => [field.ref, field.label]))
}

function labelOf(item: ItemRow, labels: Map<string, string>): string {
  if (item.ref !== null) return labels.get(item.ref) ?? 'A tag or attribute that is gone'
  const column = item.field === null || item.table === 'settings' ? [] : [item.field]
  return [item.table === 'settings' ? (item.field ?? item.column) : item.column, ...column].filter(Boolean).join(', ').replaceAll('_', ' ')
}

/** Acts on values are named by their kind and the labels that this operator sees; the title of any other is shown where nothing in it is hidden. */
function whatOf(entry: EntryRow, { access, sight, labels }: LineOptions): string {
  const seen = entry.fields.flatMap((ref) => labels.get(ref) ?? [])
  const about = seen.join(', ')
  const users = access.everyUser && entry.usersAffected !== null && entry.usersAffected > 1 ? `, ${formatCount(entry.usersAffected, 'user')}` : ''
  if (entry.kind in verbs && entry.fields.length) return about ? `${verbs[entry.kind]}${about}${users}` : sight.everything ? entry.title : (kindLabels[entry.kind] ?? '')
  return sight.everything || seen.length === entry.fields.length || entry.kind === 'export' ? entry.title : `${kindLabels[entry.kind] ?? 'Change'} of ${about}`
}

const verbs: Record<string, string> = { edit: 'Edit ', tag: 'Tag ', batch: 'Batch tag ', return: 'Return to source, ', undo: 'Undo, ' }

function whoOf(entry: EntryRow): string {
  return entry.operator ?? (entry.kind === 'import' ? 'Import' : 'Command line')
}

function undoOf(entry: EntryRow, { access, sight, mayUndo, mayUndoRuns, mayMap }: LineOptions): EntryLine['undo'] {
  if (entry.kind === 'mapping' && !mayMap) return null
  if (entry.kind === 'import' ? !mayUndoRuns : !mayUndo || !mayChange(access, sight, entry.fields)) return null
  return undoAddress(entry)
}
