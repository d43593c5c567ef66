import type { Attribute } from '../catalog/catalog.ts'
import type { ColumnSpec } from '../catalog/column.ts'
import { fieldName, inputFromSpec, postedField, readColumnInput, specFromInput, type ColumnInput } from './column-input.ts'
import { delimiterChoices, encodingChoices } from './labels.ts'
import type { FileFormat } from './queries.ts'
import type { Proposal, Structure, StructureField, StructureProblem } from './structure.ts'

/** The columns page as typed. Key and update time are indexes of columns as text; empty is none. */
export interface ColumnsInput { alias: string; key: string; updateTime: string; columns: ColumnInput[] }

/** Messages by the name of the field they stand below; '' is the form as a whole. */
export type Messages = Record<string, string>

export function inputFromProposal(proposal: Proposal): ColumnsInput {
  const at = (name: string | null) => (name === null ? '' : indexText(proposal.columns, name))
  return { alias: proposal.alias, key: at(proposal.keyColumn), updateTime: at(proposal.updateTimeColumn), columns: proposal.columns.map(inputFromSpec) }
}

function indexText(columns: readonly { name: string }[], name: string): string {
  const index = columns.findIndex((column) => column.name === name)
  return index < 0 ? '' : String(index)
}

/** What was posted, on top of what was proposed. */
export function readColumnsInput(body: unknown, proposed: ColumnsInput): ColumnsInput {
  return {
    alias: (postedField(body, 'alias') ?? proposed.alias).trim(), key: postedField(body, 'key') ?? proposed.key, updateTime: postedField(body, 'update') ?? proposed.updateTime,
    columns: proposed.columns.map((column, index) => readColumnInput(body, index, column))
  }
}

/** Which encoding, delimiter and header were chosen; nothing for what was not posted or is not known. */
export function readFormat(body: unknown): Partial<FileFormat> {
  const encoding = postedField(body, 'encoding')
  const delimiter = postedField(body, 'delimiter')
  if (encoding === undefined || delimiter === undefined) return {}
  return {
    ...(encodingChoices.some((choice) => choice.value === encoding) ? { encoding } : {}), ...(delimiterChoices.some((choice) => choice.value === delimiter) ? { delimiter: delimiter === 'tab' ? '\t' : delimiter } : {}),
    header: postedField(body, 'header') === 'on'
  }
}

export function structureFromInput(input: ColumnsInput, names: readonly string[], attributes: readonly Pick<Attribute, 'code' | 'type'>[]): Structure {
  const nameAt = (text: string) => names[Number(text)]
  const keyColumn = input.key === '' ? '' : (nameAt(input.key) ?? '')
  const updateTimeColumn = input.updateTime === '' ? null : (nameAt(input.updateTime) ?? null)
  const columns = input.columns.map((column, index) => specFromInput(names[index] ?? '', column, attributes, names[index] === updateTimeColumn))
  const key = columns.find((column) => column.name === keyColumn)
  return { alias: input.alias, keyColumn, keyIdType: key?.kind === 'id' ? (key.idType ?? null) : null, updateTimeColumn, columns }
}

/** Where each problem stands on the page. */
export function messagesOf(problems: readonly StructureProblem[], names: readonly string[], columns: readonly ColumnSpec[]): Messages {
  const messages: Messages = {}
  for (const problem of problems) {
    const name = placeOf(problem, names, columns)
    messages[name] ??= problem.message
  }
  return messages
}

const wholeFields: Partial<Record<StructureField, string>> = { alias: 'alias', key: 'key', updateTime: 'update' }

function placeOf({ column, field }: StructureProblem, names: readonly string[], columns: readonly ColumnSpec[]): string {
  if (column === undefined) return wholeFields[field] ?? ''
  const index = names.indexOf(column)
  const kind = columns[index]?.kind
  if (field === 'as') return fieldName(kind === 'id' ? 'idType' : kind === 'attribute' ? 'attribute' : 'tagType', index)
  return fieldName(field as keyof ColumnInput, index)
}
