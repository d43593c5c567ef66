import type { Access } from '../../access/access.ts'
import { formFields, sampleFields, type FormField } from '../../form.ts'
import type { Samples } from '../../http/views.ts'
import type { FieldMessages } from '../../problem.ts'
import { ungrouped, type Details } from '../audience.ts'
import type { AudienceGroup } from '../group.ts'

export interface UploadModel { problem: string }
export interface IdsModel { upload: string; fileName: string; fields: FormField[]; examples: string[] }

declare module '../../http/views.ts' {
  interface Views {
    'audiences/upload': UploadModel
    'audiences/ids': IdsModel
  }
}

export interface IdsInput { details: Details; column: number; idType: string }

/** ID types of which the operator sees a column unmasked: others find nobody. */
export function openIdTypes(access: Access): { code: string; name: string }[] {
  return access.idTypes.filter((type) => type.enabled && access.sources.some((source) => source.columns.some((column) => column.kind === 'id' && !column.masked && column.idType === type.code)))
}

export function idsModel(access: Access, groups: readonly AudienceGroup[], file: { id: string; fileName: string; names: readonly string[]; rows: readonly { cells: readonly string[] }[] }, { details, column, idType }: IdsInput, messages: FieldMessages = {}): IdsModel {
  return {
    upload: file.id, fileName: file.fileName, examples: file.rows.slice(0, 3).map((row) => row.cells[column] ?? '').filter((cell) => cell !== ''),
    fields: formFields([
      { id: 'name', label: 'Name', value: details.name }, { id: 'description', label: 'Description', value: details.description },
      { id: 'column', label: 'Column with the IDs', control: 'select', value: String(column), options: file.names.map((name, index) => ({ value: String(index), label: name })) },
      { id: 'idType', label: 'ID type', control: 'select', value: idType, options: [{ value: '', label: 'choose' }, ...openIdTypes(access).map(({ code, name }) => ({ value: code, label: name }))], help: 'Plain values, MD5, SHA256 and AES values are found alike.' },
      { id: 'group', label: 'Group', control: 'select', value: String(details.groupId ?? ''), options: [{ value: '', label: ungrouped }, ...groups.map((group) => ({ value: String(group.id), label: group.path.join(' › ') }))] },
      { id: 'shared', label: 'Sharing', control: 'switch', value: 'Shared: others see its name and who is in it', checked: details.shared }
    ], messages)
  }
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'audiences/upload': [{ problem: '' }, { problem: 'The file is empty.' }],
  'audiences/ids': [{ upload: 'a1', fileName: 'letters.csv', fields: sampleFields, examples: ['13812345678'] }, { upload: 'a1', fileName: 'letters.csv', fields: sampleFields, examples: [] }]
}
