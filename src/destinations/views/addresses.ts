import { formatCount } from '../../format.ts'
import type { ListChange } from '../change-lists.ts'

export interface AddressesModel { facts: string; text: string; change: ListChange; problem: string }

export function addressesModel({ unsubscribed, refused }: { unsubscribed: number; refused: number }, typed: { text: string; change: ListChange; problem: string } = { text: '', change: 'unsubscribe', problem: '' }): AddressesModel {
  return { ...typed, facts: `${formatCount(unsubscribed, 'address has', 'addresses have')} unsubscribed; ${formatCount(refused, 'was', 'were')} refused for good by a mail server` }
}
