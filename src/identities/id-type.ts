import type { Catalog, IdType } from '../catalog/catalog.ts'
import type { FieldMessages } from '../problem.ts'

export const maxIdTypes = 50
export const maxMappingTypes = 5
export const maxPriority = 999

/** What stands against having this type in the list of all, by field. `others` are the types beside it. */
export function problemsOfIdType(type: Omit<IdType, 'id'>, others: readonly IdType[]): FieldMessages {
  const messages: FieldMessages = {}
  if (!/^[A-Z][A-Z0-9_]{0,39}$/.test(type.code)) messages['code'] = 'A code begins with a letter and has at most 40 letters A-Z, digits and _, such as DEVICE_TOKEN.'
  else if (others.some((other) => other.code === type.code)) messages['code'] = `There is a type with the code ${type.code} already.`
  if (type.name === '') messages['name'] = 'Give the type a name, as people know it.'
  else if (type.name.length > 60) messages['name'] = 'A name can have at most 60 characters.'
  else if (others.some((other) => other.name.toLowerCase() === type.name.toLowerCase())) messages['name'] = 'Another type has this name already.'
  const holder = others.find((other) => other.priority === type.priority)
  if (holder) messages['priority'] = `Priority ${type.priority} belongs to ${holder.name}. Choose a free one, or exchange the two.`
  if (type.mapping && !type.enabled) messages['mapping'] = 'Only a type that is enabled can take part in ID mapping. Enable it, or leave it out.'
  else if (type.mapping && others.filter((other) => other.mapping).length >= maxMappingTypes) messages['mapping'] = `At most ${maxMappingTypes} types can take part. Take another one out first.`
  return messages
}

/** Do these two lists of types join rows differently? Only the types that take part count, their order, and which are single. */
export function altersMapping(before: readonly IdType[], after: readonly IdType[]): boolean {
  const relevant = (types: readonly IdType[]) => JSON.stringify(types.filter((type) => type.enabled && type.mapping).toSorted((a, b) => a.priority - b.priority).map((type) => [type.id, type.single]))
  return relevant(before) !== relevant(after)
}

/** The list with some types replaced. */
export function withTypes(types: readonly IdType[], changed: readonly IdType[]): IdType[] {
  return types.map((type) => changed.find((other) => other.id === type.id) ?? type)
}

/** Names of the sources with a column of this type, the key included. */
export function sourcesOfIdType(catalog: Pick<Catalog, 'sources'>, code: string): string[] {
  return catalog.sources.filter((source) => source.keyIdType === code || source.columns.some((column) => column.kind === 'id' && column.idType === code)).map((source) => source.alias)
}
