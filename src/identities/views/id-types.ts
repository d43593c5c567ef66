import type { Catalog, IdType } from '../../catalog/catalog.ts'
import { formFields, type FormField } from '../../form.ts'
import { formatCount, formatNumber } from '../../format.ts'
import type { FieldMessages } from '../../problem.ts'
import type { IdTypeInput, MappingInput } from '../forms.ts'
import { maxIdTypes, maxMappingTypes, sourcesOfIdType } from '../id-type.ts'

export interface IdTypeRow { href: string; priority: string; name: string; code: string; values: string; enabled: boolean; mapping: boolean; preset: boolean; sources: string }

export interface IdTypesModel {
  facts: string; full: boolean; rows: IdTypeRow[]
  mapping: { fields: FormField[]; facts: string }
  aes: { set: boolean; text: string }
  /** What refuses changes at the moment. */
  busy: { text: string; href: string } | null
}

export interface IdTypeModel {
  heading: string; facts: string; action: string; submit: string; fields: FormField[]
  /** Offered where the priority typed belongs to another type. */
  swap: string
  deletion: { action: string; allowed: boolean; text: string } | null
}

export interface ConfirmModel {
  heading: string; changes: { name: string; before: string; after: string }[]
  figures: { label: string; value: string }[]; text: string
  action: string; hidden: { name: string; value: string }[]; submit: string; backUrl: string
  /** Said where the settings changed between looking and confirming. */
  problem: string
}

declare module '../../http/views.ts' {
  interface Views {
    'identities/id-types': IdTypesModel
    'identities/id-type': IdTypeModel
    'identities/confirm': ConfirmModel
  }
}

export function idTypesModel(catalog: Catalog, input: MappingInput, options: { aesKey: boolean; busyJob: { id: number } | null }, messages: FieldMessages = {}): IdTypesModel {
  const taking = catalog.idTypes.filter((type) => type.mapping).length
  return {
    facts: `${catalog.idTypes.length} of ${maxIdTypes} types, ${taking} of ${maxMappingTypes} take part in ID mapping`, full: catalog.idTypes.length >= maxIdTypes,
    rows: catalog.idTypes.map((type) => ({
      href: `/settings/id-types/${type.id}`, priority: String(type.priority), name: type.name, code: type.code, values: type.single ? 'one per user' : 'several',
      enabled: type.enabled, mapping: type.mapping, preset: type.preset, sources: sourcesOfIdType(catalog, type.code).join(', ')
    })),
    mapping: { fields: mappingFields(input, messages), facts: 'A value that stands for “nothing” or is shared by too many joins nobody. Both are listed under refused joins.' },
    aes: options.aesKey
      ? { set: true, text: 'An AES key is set. AES values are decrypted for comparing and stored as they came.' }
      : { set: false, text: 'No AES key is set, so AES values are compared as they came and meet no plain ones. Set AES_KEY (16 characters, 0-9 and A-F) in the environment and start again.' },
    busy: options.busyJob ? { text: 'A change of ID mapping is being applied. Nothing here can be changed until it is done.', href: `/settings/jobs/${options.busyJob.id}` } : null
  }
}

function mappingFields(input: MappingInput, messages: FieldMessages): FormField[] {
  return formFields([
    { id: 'overSharedLimit', label: 'Shared by too many', control: 'number', value: input.overSharedLimit, help: 'A value found in more rows than this joins nobody.' },
    { id: 'placeholders', label: 'Placeholders', control: 'textarea', value: input.placeholders, help: 'One in a line. Empty cells and numbers of equal digits, such as 00000, always count.' }
  ], messages)
}

export function idTypeModel(type: IdType | undefined, input: IdTypeInput, options: { catalog: Catalog; holder: string }, messages: FieldMessages = {}): IdTypeModel {
  const sources = type ? sourcesOfIdType(options.catalog, type.code) : []
  return {
    heading: type ? type.name : 'New ID type', facts: type ? `${type.preset ? 'preset' : 'own type'}, ${sources.length ? `used by ${sources.join(', ')}` : 'used by no source'}` : '',
    action: type ? `/settings/id-types/${type.id}` : '/settings/id-types', submit: type ? 'Save' : 'Add the type',
    fields: formFields([
      { id: 'name', label: 'Name', value: input.name },
      type ? { id: 'code', label: 'Code', value: type.code, disabled: true, help: 'A code cannot be changed: files and columns name it.' }
        : { id: 'code', label: 'Code', value: input.code, help: 'Letters A-Z, digits and _. It cannot be changed later.' },
      { id: 'priority', label: 'Priority', control: 'number', value: input.priority, help: '1 comes first. Where IDs speak against each other, the higher priority decides.' },
      { id: 'single', label: 'Values of a user', control: 'select', value: input.single ? 'single' : 'multi', options: [{ value: 'single', label: 'one' }, { value: 'multi', label: 'several' }], help: 'Two different values of a type with one value keep users apart.' },
      { id: 'enabled', label: 'Enabled', control: 'switch', checked: input.enabled, value: 'Can be chosen for columns' },
      { id: 'mapping', label: 'ID mapping', control: 'switch', checked: input.mapping, value: 'Takes part', help: 'Rows that share a value belong to one user.' }
    ], messages),
    swap: messages['priority'] && options.holder ? `Exchange priorities with ${options.holder}` : '',
    deletion: type && !type.preset ? {
      action: `/settings/id-types/${type.id}/deletion`, allowed: sources.length === 0,
      text: sources.length ? `It cannot be deleted while columns use it (${sources.join(', ')}).` : 'No column uses this type, so nothing but the type goes.'
    } : null
  }
}

export interface Change { name: string; before: string; after: string }

/** What differs between two lists of types, in words. */
export function changesOfTypes(before: readonly IdType[], after: readonly IdType[]): Change[] {
  return after.flatMap((type) => {
    const old = before.find((candidate) => candidate.id === type.id)
    if (!old) return []
    const pairs: [string, string, string][] = [
      ['name', old.name, type.name], ['priority', String(old.priority), String(type.priority)], ['values of a user', old.single ? 'one' : 'several', type.single ? 'one' : 'several'],
      ['enabled', old.enabled ? 'yes' : 'no', type.enabled ? 'yes' : 'no'], ['takes part in ID mapping', old.mapping ? 'yes' : 'no', type.mapping ? 'yes' : 'no']
    ]
    return pairs.filter(([, was, is]) => was !== is).map(([what, was, is]) => ({ name: `${type.name}, ${what}`, before: was, after: is }))
  })
}

/** What differs between two lists of placeholders and two limits, in words. */
export function changesOfMapping(before: { overSharedLimit: number; placeholders: readonly string[] }, after: { overSharedLimit: number; placeholders: readonly string[] }): Change[] {
  const listed = (words: readonly string[]) => (words.length ? words.slice(0, 12).join(', ') + (words.length > 12 ? ` and ${words.length - 12} more` : '') : 'none')
  const gone = before.placeholders.filter((word) => !after.placeholders.includes(word))
  const fresh = after.placeholders.filter((word) => !before.placeholders.includes(word))
  return [
    ...(before.overSharedLimit === after.overSharedLimit ? [] : [{ name: 'Shared by too many', before: `more than ${formatNumber(before.overSharedLimit)} rows`, after: `more than ${formatNumber(after.overSharedLimit)} rows` }]),
    ...(gone.length || fresh.length ? [{ name: 'Placeholders', before: gone.length ? `without: ${listed(gone)}` : 'as before', after: fresh.length ? `also: ${listed(fresh)}` : 'none added' }] : [])
  ]
}

export function confirmModel(options: { changes: Change[]; usersJoined: number; usersSplit: number; action: string; hidden: Record<string, string>; backUrl: string; problem?: string }): ConfirmModel {
  const nobody = options.usersJoined === 0 && options.usersSplit === 0
  return {
    heading: 'Change ID mapping', changes: options.changes,
    figures: [{ label: 'users joined into others', value: formatNumber(options.usersJoined) }, { label: 'users split off', value: formatNumber(options.usersSplit) }],
    text: nobody ? 'With the data of now nobody is joined or split. Later imports follow the new settings.'
      : `${formatCount(options.usersJoined, 'user')} would become part of another user, and ${formatCount(options.usersSplit, 'user')} would stand on their own again. Old IDs keep leading to the right user, and changing the settings back gives the same users as before. A job applies it; pages show the present state until it is done.`,
    action: options.action, hidden: Object.entries(options.hidden).map(([name, value]) => ({ name, value })), submit: nobody ? 'Apply' : 'Apply to all users', backUrl: options.backUrl, problem: options.problem ?? ''
  }
}
