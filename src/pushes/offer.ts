import type { Access } from '../access/access.ts'
import type { Field } from '../conditions/field.ts'
import { takesMessages, type Destination } from '../destinations/destination.ts'
import { matchingTypes, pushableFields, pushableTypes, type IdColumns } from './document.ts'

/** What can be chosen for a destination. */
export interface Offer {
  destination: Destination | null
  /** People are written to: there is a text, and the ID type is that of the address. */
  reach: boolean
  idTypes: IdColumns[]
  /** What documents may hold beside IDs, or what a text may name. */
  fields: Field[]
}

/** Destinations that a push, or reaching people, can go to. One person alone is no matching file. */
export function destinationsFor(usable: readonly Destination[], { reach, alone }: { reach: boolean; alone: boolean }): Destination[] {
  return usable.filter((destination) => (reach ? takesMessages(destination) : destination.kind !== 'email' && !(alone && destination.kind === 'data_bank')))
}

export function offerFor(access: Access, destination: Destination | null, reach: boolean): Offer {
  const types = reach ? [destination?.kind === 'webhook' ? 'MOBILE' : 'EMAIL'] : destination?.kind === 'data_bank' ? matchingTypes : undefined
  return { destination, reach, idTypes: pushableTypes(access, types), fields: destination?.kind === 'data_bank' ? [] : pushableFields(access) }
}
