import type { Access } from '../access/access.ts'
import { textOf } from '../form.ts'
import { kindLabels } from './labels.ts'

/** The filter as its address says it. */
export interface FilterInput { operator: string; kind: string; source: string; user: string; via: string; from: string; to: string }

export const filterNames = ['operator', 'kind', 'source', 'user', 'via', 'from', 'to'] as const

export interface ReadFilter {
  input: FilterInput
  operator: number | null; kind: string; source: number | null
  /** A row number; '' for everybody. */
  user: string
  via: 'page' | 'api' | null
  from: string; to: string
  problems: Partial<Record<keyof FilterInput, string>>
}

/** Reads an address. What cannot be taken is said beside its field; the list is empty until it is right, so that nothing is taken for an answer. */
export function readFilter(params: unknown, access: Access): ReadFilter {
  const input = Object.fromEntries(filterNames.map((name) => [name, textOf(params, name)])) as unknown as FilterInput
  const problems: ReadFilter['problems'] = {}
  const whole = (name: 'operator' | 'source') => (/^\d{1,9}$/.test(input[name]) ? Number(input[name]) : null)
  if (input.operator && whole('operator') === null) problems.operator = 'There is no such operator.'
  if (input.kind && !Object.hasOwn(kindLabels, input.kind)) problems.kind = 'There is no such kind.'
  // Hidden and never there are answered alike.
  if (input.source && !access.sources.some((source) => source.id === whole('source'))) problems.source = 'There is no such source.'
  if (input.user && !/^[1-9]\d{0,17}$/.test(input.user)) problems.user = 'Type a user ID: a whole number.'
  if (input.via && input.via !== 'page' && input.via !== 'api') problems.via = 'Choose pages or the API.'
  for (const name of ['from', 'to'] as const) if (input[name] && !isDay(input[name])) problems[name] = 'Type a day, such as 2026-11-23.'
  if (!problems.from && !problems.to && input.from && input.to && input.from > input.to) problems.to = 'This day is before the first one.'
  return { input, operator: whole('operator'), kind: input.kind, source: whole('source'), user: input.user, via: input.via === 'page' || input.via === 'api' ? input.via : null, from: input.from, to: input.to, problems }
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) && text >= '1900-01-01'
}

/** The address of a list with this filter; what is not set is not in it. */
export function filterAddress(path: string, input: FilterInput, more: Record<string, string> = {}): string {
  const params = new URLSearchParams({ ...Object.fromEntries(filterNames.filter((name) => input[name]).map((name) => [name, input[name]])), ...more })
  return params.size ? `${path}?${params}` : path
}
