import type { FileColumn, StructureFile } from '../sources/structure-file.ts'
import type { Contact } from './contacts.ts'
import { formatTime, minute, today } from './dates.ts'
import { webOrders } from './habits.ts'
import type { Person } from './people.ts'
import { drawBrand, drawOccasions, foreignWishes, wishes } from './tastes.ts'
import { deliveryNote, speaksChinese } from './texts.ts'

const group = ['Purchases', 'Web shop']

const columns: FileColumn[] = [
  { column: 'account', kind: 'ignore' },
  { column: 'email', kind: 'id', idType: 'EMAIL' },
  { column: 'mobile', kind: 'id', idType: 'MOBILE' },
  { column: 'member_no', kind: 'id', idType: 'ONEID' },
  { column: 'name', kind: 'attribute', attribute: 'name' },
  { column: 'sex', kind: 'attribute', attribute: 'gender' },
  { column: 'city', kind: 'attribute', attribute: 'city' },
  { column: 'region', kind: 'attribute', attribute: 'province' },
  { column: 'channel', kind: 'attribute', attribute: 'channel' },
  { column: 'opened_at', kind: 'tag', type: 'time', format: 'YMD', name: 'Account opened', group },
  { column: 'orders', kind: 'tag', type: 'number', name: 'Orders', group, description: 'Orders paid and not cancelled.' },
  { column: 'average_basket', kind: 'tag', type: 'number', name: 'Average basket', group, description: 'What an order comes to on average, in CNY.' },
  { column: 'last_order', kind: 'tag', type: 'time', format: 'YMD', name: 'Last order', group },
  { column: 'returns', kind: 'tag', type: 'number', name: 'Returns', group, description: 'Parcels sent back in the last twelve months.' },
  { column: 'delivery_note', kind: 'tag', type: 'text', name: 'Delivery note', group, description: 'What the customer asks of the courier.' },
  { column: 'favourite_brand', kind: 'tag', type: 'text', name: 'Favourite brand', group: ['Interests'], description: 'The brand bought most often.' },
  { column: 'gift_occasions', kind: 'tag', type: 'multi', delimiter: '|', name: 'Gift occasions', group: ['Interests'], description: 'Occasions named when ordering a gift wrap.' },
  { column: 'wish_list', kind: 'tag', type: 'multi', delimiter: '|', name: 'Wish list', group: ['Interests'] },
  { column: 'newsletter', kind: 'tag', type: 'text', name: 'Newsletter', group: ['Service', 'Consent'], description: 'How often the customer wants to hear from us.' },
  { column: 'campaign_2025_q4', kind: 'tag', type: 'text', name: 'campaign_2025_q4' },
  { column: 'updated_at', kind: 'ignore', type: 'time', format: 'YMD' }
]

export const webStructure: StructureFile = { alias: 'Web shop', key: { column: 'account', idType: null }, updateTime: 'updated_at', columns }

const channels = [['Web shop', 50], ['Tmall flagship store', 22], ['Xiaohongshu', 10], ['Search engine', 10], ['Friend referral', 5], ['Newsletter', 3]] as const

/** The cells of an account as of a time. `second`: the other account of somebody who forgot the first. */
export function webRow(person: Person, contact: Contact, account: string, until: number, second = false): (string | number)[] {
  const random = person.random(second ? 'web 2' : 'web')
  const since = person.since.web as number
  const orders = second ? { count: 1, basket: Math.round(random.between(60, 420) * 100) / 100, last: since } : webOrders(person, since, until)
  const bought = orders.count > 0
  const named = !second && contact.linkedSince !== null && contact.linkedSince <= until
  const changed = Math.min(today, Math.max(orders.last ?? since, named ? contact.linkedSince as number : 0) + random.int(1, 90) * minute)
  return [
    account, second ? person.email.replace('@', `.${random.int(2, 99)}@`) : random.chance(0.04) ? '' : person.email, contact.web, named ? contact.memberNo : '',
    random.chance(0.05) ? latin(person) : person.name.full, random.chance(0.3) ? '' : person.male ? 'M' : 'F', person.place.city, person.place.province,
    person.place.stores.length ? random.weighted(channels) : 'Web shop', formatTime(since), orders.count, bought ? orders.basket.toFixed(2) : '', orders.last === null ? '' : formatTime(orders.last),
    bought ? random.weighted([[0, 78], [1, 15], [2, 5], [3, 2]]) : '', bought && random.chance(0.26) ? deliveryNote(person, random) : '',
    bought && random.chance(0.7) ? drawBrand(random) : '', random.chance(0.27) ? drawOccasions(random, person.taste).join('|') : '',
    random.chance(0.3) ? random.some(speaksChinese(person) ? wishes : foreignWishes, random.int(1, 4)).join('|') : '',
    random.chance(0.66) ? random.weighted([['weekly', 22], ['monthly', 40], ['only offers', 18], ['never', 20]]) : '', since < Date.UTC(2025, 9, 1) && random.chance(0.72) ? random.pick(['A', 'B', 'control']) : '',
    formatTime(Math.min(changed, until))
  ]
}

/** As people write their name who think a shop cannot read theirs. */
function latin({ name }: Person): string {
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
  return /^[\u0020-\u024f\u1e00-\u1eff]*$/.test(name.full) ? name.full : `${capital(name.latinSurname)} ${capital(name.latinGiven)}`.trim()
}
