import type { Access, VisibleColumn, VisibleSource } from '../access/access.ts'
import { labelOfTag } from '../conditions/field.ts'
import { formatNumber } from '../format.ts'
import type { Change } from '../overrides/queries/insert-decisions.ts'

export const longestValue = 1000
/** Values of one tag, and choices of one tagging: more than people choose, and little for a server. */
export const mostValues = 200

/** What is done with values: a text tag is set; those of a multi-value tag are added, take the place of all, or are taken away. */
export type TagMode = 'set' | 'add' | 'replace' | 'remove'
export const multiModes = ['add', 'replace', 'remove'] as const

export interface OfferedTag { source: VisibleSource; column: VisibleColumn }

/** Tags that can be set by tagging: text and multi-value ones that this operator sees in full. */
export function offeredTags(access: Access): OfferedTag[] {
  return access.tags.filter(({ column }) => isOffered(column))
}

function isOffered(column: VisibleColumn): boolean {
  return !column.masked && (column.type === 'text' || column.type === 'multi')
}

/** An offered tag, or why there is none: one that is hidden or masked is answered like one that never was. */
export function findOffered(access: Access, columnId: number): OfferedTag | { problem: string } {
  const tag = access.tag(columnId)
  if (!tag || tag.column.masked) return { problem: 'One of the tags does not exist here any more. Choose another.' }
  if (!isOffered(tag.column)) return { problem: `${labelOfTag(tag.column)} is a tag of numbers or times: only text and multi-value tags are set this way. Correct it on the profile.` }
  return tag
}

/** What stands against a value of a tag; undefined where it can be taken. */
export function problemOfValue({ source, column }: OfferedTag, value: string): string | undefined {
  if (value === '') return `Choose a value of ${labelOfTag(column)}, or type a new one.`
  if (value.length > longestValue) return `A value can have at most ${formatNumber(longestValue)} characters; this one has ${formatNumber(value.length)}.`
  if (column.type !== 'multi' || !column.delimiter || !value.includes(column.delimiter)) return undefined
  return `“${column.delimiter}” separates the values of ${labelOfTag(column)} in ${source.alias}, so it cannot be part of one. Choose the values one after another.`
}

/** The mode that fits the tag: what was asked for, or the usual one. */
export function modeOf({ column }: OfferedTag, asked: string): TagMode {
  if (column.type !== 'multi') return 'set'
  return multiModes.find((mode) => mode === asked) ?? 'add'
}

/** What is decided about a tag by these values of it. */
export function changeOf(mode: TagMode, values: readonly string[]): Change {
  if (mode === 'set') return { mode, value: values.at(-1) ?? null }
  return mode === 'replace' ? { mode: 'set', value: [...values] } : { mode, value: [...values] }
}
