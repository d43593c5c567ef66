import type { FileColumn, StructureFile } from '../sources/structure-file.ts'
import { chineseName } from './chinese-names.ts'
import { adviserMobile, adviserStore, type Contact } from './contacts.ts'
import { formatDate, formatTime, minute, today } from './dates.ts'
import { memberLevel, storeSpending, storeVisits, webOrders } from './habits.ts'
import { seed, type Person } from './people.ts'
import { Random } from './random.ts'
import { drawGear, drawTeas, outdoor } from './tastes.ts'
import { adviserNote, speaksChinese } from './texts.ts'

const columns: FileColumn[] = [
  { column: 'member_no', kind: 'id', idType: 'ONEID' },
  { column: 'mobile', kind: 'id', idType: 'MOBILE' },
  { column: 'name', kind: 'attribute', attribute: 'name' },
  { column: 'gender', kind: 'attribute', attribute: 'gender' },
  { column: 'age', kind: 'attribute', attribute: 'age' },
  { column: 'birthday', kind: 'attribute', attribute: 'birthday', format: 'YMD' },
  { column: 'city', kind: 'attribute', attribute: 'city' },
  { column: 'province', kind: 'attribute', attribute: 'province' },
  { column: 'member_level', kind: 'attribute', attribute: 'member_level' },
  { column: 'registered_at', kind: 'attribute', attribute: 'registration_time', format: 'YMD' },
  { column: 'channel', kind: 'attribute', attribute: 'channel' },
  { column: 'likes', kind: 'tag', type: 'multi', delimiter: '|', name: 'Likes', group: ['Interests'], description: 'What members said they like, at joining or later in the store.' },
  { column: 'teas', kind: 'tag', type: 'multi', delimiter: '|', name: 'Favourite teas', group: ['Interests', 'Tea'], description: 'Up to three teas that the member buys most often.' },
  { column: 'brewing', kind: 'tag', type: 'text', name: 'Brewing', group: ['Interests', 'Tea', 'Habits'], description: 'How the member makes tea, as told to the adviser.' },
  { column: 'gear', kind: 'tag', type: 'multi', delimiter: '|', name: 'Gear owned', group: ['Interests', 'Outdoor', 'Gear'], description: 'Outdoor equipment bought here or brought to the store.' },
  { column: 'favourite_store', kind: 'tag', type: 'text', name: 'Favourite store', group: ['Stores'], description: 'The store with most visits in the last twelve months.' },
  { column: 'visits_90d', kind: 'tag', type: 'number', name: 'Visits in 90 days', group: ['Stores'], description: 'Visits with the member code scanned.' },
  { column: 'last_visit', kind: 'tag', type: 'time', format: 'YMD', name: 'Last visit', group: ['Stores'] },
  { column: 'adviser', kind: 'tag', type: 'text', name: 'Adviser', group: ['Stores'], description: 'Who looks after the member in the favourite store.' },
  { column: 'lifetime_value', kind: 'tag', type: 'number', name: 'Lifetime value', group: ['Purchases'], description: 'Everything paid since joining, stores and web shop together, in CNY.' },
  { column: 'points', kind: 'tag', type: 'number', name: 'Points', group: ['Purchases'], description: 'Points that can be spent today.' },
  { column: 'payment', kind: 'tag', type: 'text', name: 'Pays with', group: ['Purchases'] },
  { column: 'preferred_contact', kind: 'tag', type: 'text', name: 'Preferred contact', group: ['Service'] },
  { column: 'complaint_state', kind: 'tag', type: 'text', name: 'Complaint state', group: ['Service'], description: 'Empty where there is no complaint.' },
  { column: 'adviser_note', kind: 'tag', type: 'text', name: 'Adviser note', group: ['Service'], description: 'Free text of the adviser after a talk in the store.' },
  { column: 'score_v3', kind: 'tag', type: 'number', name: 'score_v3' },
  { column: 'updated_at', kind: 'ignore', type: 'time', format: 'YMD' }
]

export const shopStructure: StructureFile = { alias: 'Shop members', key: { column: 'member_no', idType: 'ONEID' }, updateTime: 'updated_at', columns }

const channels = [['Store', 52], ['WeChat mini-program', 16], ['Tmall flagship store', 9], ['Xiaohongshu', 8], ['Friend referral', 8], ['Douyin live', 5], ['Company event', 2]] as const
const brewings = [['盖碗', 24], ['紫砂壶', 16], ['玻璃杯直泡', 22], ['飘逸杯', 10], ['冷泡', 8], ['煮茶', 9], ['茶包', 9]] as const
const foreignBrewings = [['teapot', 20], ['gaiwan', 10], ['tea bags', 14], ['cold brew', 8], ['straight in the glass', 8]] as const
const contacts = [['WeChat', 56], ['phone', 14], ['SMS', 12], ['e-mail', 6], ['none, please', 6]] as const
const complaints = ['call back by phone after 18:00', 'replacement sent', 'refund under way', 'solved, member content', 'waiting for the store', '茶杯到货有裂，已补发', '积分未到账，财务核对中']

/** The cells of a member as of a time. */
export function shopRow(person: Person, contact: Contact, until: number): (string | number)[] {
  const random = person.random('shop')
  const since = person.since.shop as number
  const chinese = speaksChinese(person)
  const visits = storeVisits(person, since, until)
  const orders = person.since.web === undefined ? { count: 0, basket: 0 } : webOrders(person, person.since.web, until)
  const spent = Math.round((storeSpending(person, visits) + orders.count * orders.basket) * 100) / 100
  const teas = random.chance(person.likes.includes('tea') || person.likes.includes('茶具') ? 0.9 : 0.35) ? drawTeas(random, person.taste) : []
  const store = contact.shop === adviserMobile ? adviserStore : favouriteStore(person, random)
  const born = random.chance(0.86)
  const changed = Math.min(today, visits.last + random.int(1, 150) * minute)
  return [
    contact.memberNo, contact.shop, person.name.full, random.chance(0.03) ? '保密' : person.male ? '男' : '女', born || random.chance(0.3) ? person.age : '', born ? formatDate(person.birthday) : '',
    person.place.city, person.place.province, memberLevel(person, spent), formatTime(since), random.weighted(channels),
    random.chance(0.84) ? person.likes.join('|') : '', teas.join('|'), teas.length && random.chance(0.6) ? random.weighted(chinese ? brewings : foreignBrewings) : '',
    person.likes.some((like) => outdoor.has(like)) && random.chance(0.6) ? drawGear(random, person.taste).join('|') : '',
    store, visits.in90Days, formatTime(visits.last), adviserOf(store, random), spent.toFixed(2), Math.floor((spent * random.between(0.05, 1)) / 10) * 10,
    random.weighted(chinese ? [['WeChat Pay', 55], ['Alipay', 32], ['UnionPay card', 9], ['cash', 3]] : [['WeChat Pay', 30], ['Alipay', 25], ['Visa or Mastercard', 35]]),
    random.chance(0.7) ? random.weighted(contacts) : '', random.chance(0.018) ? random.pick(complaints) : '', random.chance(0.13) ? adviserNote(person, teas, visits.all, random) : '',
    random.next().toFixed(4), formatTime(Math.min(changed, until))
  ]
}

function favouriteStore(person: Person, random: Random): string {
  return random.chance(0.04) ? '' : random.weighted(person.place.stores.map((store, index) => [store, 6 - index] as const))
}

/** A store has three advisers, always the same. */
function adviserOf(store: string, random: Random): string {
  if (store === '' || random.chance(0.1)) return ''
  const adviser = new Random(seed, store, random.int(1, 3))
  return chineseName(adviser, adviser.chance(0.35), adviser.int(1982, 2001)).full
}
