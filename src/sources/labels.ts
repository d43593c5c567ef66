import type { Attribute, IdType } from '../catalog/catalog.ts'
import type { Encryption } from '../catalog/column.ts'

export interface Choice { value: string; label: string }

export const kindChoices: readonly Choice[] = [{ value: 'id', label: 'ID' }, { value: 'attribute', label: 'Attribute' }, { value: 'tag', label: 'Tag' }, { value: 'ignore', label: 'Ignore' }]
export const encryptionLabels: Record<Encryption, string> = { unencrypted: 'unencrypted', md5: 'MD5', sha256: 'SHA256', aes: 'AES' }
export const encryptionChoices: readonly Choice[] = Object.entries(encryptionLabels).map(([value, label]) => ({ value, label }))
export const tagTypeChoices: readonly Choice[] = [{ value: 'text', label: 'text' }, { value: 'number', label: 'number' }, { value: 'time', label: 'time' }, { value: 'multi', label: 'multi-value' }]
export const timeFormatChoices: readonly Choice[] = [
  { value: '', label: 'Choose the order' }, { value: 'YMD', label: 'year first, 2024-04-03' }, { value: 'DMY', label: 'day first, 03/04/2024' }, { value: 'MDY', label: 'month first, 04/03/2024' },
  { value: 'epoch', label: 'seconds since 1970' }, { value: 'epoch_ms', label: 'ms since 1970' }
]
export const numberFormatChoices: readonly Choice[] = [{ value: '.', label: 'point, 1,234.5' }, { value: ',', label: 'comma, 1.234,5' }]

export const encodingChoices: readonly Choice[] = [{ value: 'utf-8', label: 'UTF-8' }, { value: 'utf-16le', label: 'UTF-16' }, { value: 'utf-16be', label: 'UTF-16, big-endian' }, { value: 'gb18030', label: 'GB18030' }]
export const delimiterChoices: readonly Choice[] = [{ value: ',', label: 'Comma' }, { value: ';', label: 'Semicolon' }, { value: 'tab', label: 'Tab' }, { value: '|', label: 'Vertical bar' }]

export function idTypeChoices(idTypes: readonly Pick<IdType, 'code' | 'name' | 'enabled'>[], chosen: string): Choice[] {
  const choices = idTypes.filter((type) => type.enabled || type.code === chosen).map((type) => ({ value: type.code, label: type.enabled ? type.name : `${type.name} (switched off)` }))
  return [{ value: '', label: 'Choose the ID type' }, ...choices]
}

export function attributeChoices(attributes: readonly Pick<Attribute, 'code' | 'name'>[]): Choice[] {
  return [{ value: '', label: 'Choose the attribute' }, ...attributes.map((attribute) => ({ value: attribute.code, label: attribute.name }))]
}
