import type { Option } from '../../form.ts'
import { filterAddress, type FilterInput, type ReadFilter } from '../filter.ts'
import { kindLabels } from '../labels.ts'
import { entryLine, type EntryLine, type LineOptions } from '../lines.ts'
import { writePlace } from '../place.ts'
import type { EntryPage } from '../read-entries.ts'
import type { OperatorName } from '../queries/operators.ts'
import { keepingText } from './keeping.ts'

export interface FilterField { name: keyof FilterInput; label: string; type: string; value: string; options: Option[]; error: string }

export interface ListModel {
  kept: string; fields: FilterField[]; filtered: boolean
  rows: (EntryLine & { entryUrl: string })[]
  empty: string; firstUrl: string; nextUrl: string; downloadUrl: string
}

const path = '/settings/history'

export function listModel(page: EntryPage & { operators: OperatorName[] }, filter: ReadFilter, options: LineOptions, { later, keptDays }: { later: boolean; keptDays: number | null }): ListModel {
  const { input } = filter
  const last = page.entries.at(-1)
  const wrong = Object.keys(filter.problems).length > 0
  const filtered = Object.values(input).some((value) => value !== '')
  return {
    kept: keepingText(keptDays), fields: fieldsOf(filter, options, page.operators), filtered,
    rows: page.entries.map((entry) => ({ ...entryLine(entry, options), entryUrl: `${path}/${entry.id}` })),
    empty: later ? 'Nothing comes after this.' : wrong ? 'Correct the filter to see entries.' : filtered ? 'No entry fits this filter.' : 'Nothing has been done yet.',
    firstUrl: later ? filterAddress(path, input) : '', nextUrl: page.more && last ? filterAddress(path, input, { before: writePlace({ at: last.atText, id: last.id }) }) : '',
    downloadUrl: page.entries.length ? filterAddress(`${path}/download.csv`, input) : ''
  }
}

function fieldsOf({ input, problems }: ReadFilter, { access }: LineOptions, operators: OperatorName[]): FilterField[] {
  const field = (name: keyof FilterInput, label: string, type: string, options: Option[] = []): FilterField => ({ name, label, type, value: input[name], options, error: problems[name] ?? '' })
  const any = { value: '', label: 'Any' }
  return [
    field('operator', 'Operator', 'select', [any, ...operators.map(({ id, name, removed }) => ({ value: String(id), label: removed ? `${name} (removed)` : name })), { value: '0', label: 'Nobody: command line' }]),
    field('kind', 'Kind', 'select', [any, ...Object.entries(kindLabels).map(([value, label]) => ({ value, label }))]),
    field('source', 'Source', 'select', [any, ...access.sources.map((source) => ({ value: String(source.id), label: source.alias }))]),
    field('user', 'User ID', 'number'), field('via', 'Done by way of', 'select', [any, { value: 'page', label: 'Pages' }, { value: 'api', label: 'The API' }]), field('from', 'From', 'date'), field('to', 'To', 'date')
  ]
}
