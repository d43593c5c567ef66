import type { OverridePolicy } from '../../db/database.ts'
import type { Stored } from '../../catalog/target.ts'
import type { Field } from '../../conditions/field.ts'
import type { ShownDecision } from '../../overrides/queries/shown-decisions.ts'
import { hasMoved } from '../field-state.ts'
import { formatDay, formatMinute, formatValue } from '../format-value.ts'
import type { Cell } from '../queries/list.ts'
import type { SourceValue } from '../queries/source-values.ts'

/** The mark "by hand" and what it opens. */
export interface OverrideModel {
  moved: boolean; about: string; note: string
  facts: { label: string; strong: string; text: string; href: string; link: string }[]
  /** Whether this operator may give it back to the source. */
  returnable: boolean
}

export const policyWords: Record<OverridePolicy, string> = { keep: 'Keep: imports do not change it', until_import: 'Until the next import that has a value' }

export interface OverrideOptions { timeZone: string; mayReturn: boolean; mayOpenRuns: boolean }

/** What the sources say beside the hand-set value, who set it, when, and until when it stands. */
export function overrideModel(field: Field, decision: ShownDecision, source: SourceValue | undefined, options: OverrideOptions): OverrideModel {
  const { timeZone } = options
  const moved = hasMoved(field, decision)
  const now = said(formatValue(field.type, source?.value ?? null, timeZone))
  const run = source?.run
  const from = source?.source ?? (field.tag ? field.tag.source.alias : source ? 'another source' : '')
  const fact = (label: string, text: string) => ({ label, strong: '', text, href: '', link: '' })
  return {
    moved, about: `${field.label}${decision.value === null ? ', set to be empty' : ''}${moved ? ', source has changed since' : ''}`, returnable: options.mayReturn,
    note: moved ? `The source has changed since: ${said(formatStored(field, decision.sourceValue, timeZone))} → ${now}${run ? ` in the import of ${formatDay(run.at, timeZone)}` : ''}.` : '',
    facts: [
      { label: 'Source value', strong: now, text: `${from ? `, ${from}` : ''}${run ? ', ' : ''}`, href: run && options.mayOpenRuns ? `/settings/imports/${run.id}` : '', link: run ? `import of ${formatDay(run.at, timeZone)}` : '' },
      fact('Set by', decision.operator ?? 'an operator'), fact('When', formatMinute(decision.setAt, timeZone)),
      ...(decision.value === null ? [fact('Set to', decision.policy === 'keep' ? 'empty: imports do not fill it' : 'empty')] : []),
      fact('Policy', policyWords[decision.policy])
    ]
  }
}

/** A value as the decisions hold it, as people read it. */
export function formatStored(field: Pick<Field, 'type'>, value: Stored, timeZone: string): string {
  const cell: Cell = field.type === 'time' && typeof value === 'string' ? new Date(value) : value
  return formatValue(field.type, cell, timeZone)
}

function said(text: string): string {
  if (text === '') return 'empty'
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
