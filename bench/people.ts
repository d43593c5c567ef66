import { Random } from './random.ts'

/** One column of the file: its header, how the console reads it, and the type a plain table gives it. */
export interface BenchColumn {
  name: string
  kind: 'id' | 'attribute' | 'tag'
  type: 'text' | 'number' | 'time' | 'date' | 'choice' | 'multi'
  idType?: string
  attribute?: string
  rawType: string
}

const tag = (name: string, type: BenchColumn['type'], rawType: string): BenchColumn => ({ name, kind: 'tag', type, rawType })
const attribute = (name: string, code: string, type: BenchColumn['type'], rawType: string): BenchColumn => ({ name, kind: 'attribute', attribute: code, type, rawType })
const id = (name: string, idType: string): BenchColumn => ({ name, kind: 'id', type: 'text', idType, rawType: 'text' })

/** The 27 columns: the key, three IDs, five attributes and tags of every type. */
export const columns: BenchColumn[] = [
  tag('member_no', 'text', 'text'), id('oneid', 'ONEID'), id('mobile', 'MOBILE'), id('email', 'EMAIL'),
  attribute('name', 'name', 'text', 'text'), attribute('gender', 'gender', 'choice', 'text'), attribute('birthday', 'birthday', 'date', 'date'),
  attribute('city', 'city', 'text', 'text'), attribute('level', 'member_level', 'text', 'text'),
  tag('total_spend', 'number', 'numeric'), tag('orders', 'number', 'numeric'), tag('last_order', 'time', 'timestamptz'), tag('first_order', 'time', 'timestamptz'),
  tag('favourite_category', 'text', 'text'), tag('order_channel', 'text', 'text'), tag('preferred_store', 'text', 'text'), tag('device', 'text', 'text'), tag('app_version', 'text', 'text'),
  tag('coupon_rate', 'number', 'numeric'), tag('points', 'number', 'numeric'), tag('interests', 'multi', 'text'), tag('campaigns', 'multi', 'text'),
  tag('address', 'text', 'text'), tag('remark', 'text', 'text'), tag('last_visit', 'time', 'timestamptz'), tag('visits', 'number', 'numeric'), tag('churn_risk', 'text', 'text')
]

export const keyColumn = 'member_no'
export const seed = 360

const cities = ['Shanghai', 'Beijing', 'Shenzhen', 'Guangzhou', 'Hangzhou', 'Chengdu', 'Wuhan', 'Nanjing', 'Suzhou', 'Xiamen', 'Qingdao', 'Dalian', 'Berlin', 'Hamburg', 'London', 'Paris', 'Madrid', 'Rome', 'Vienna', 'Zürich']
const levels = ['Bronze', 'Bronze', 'Bronze', 'Bronze', 'Silver', 'Silver', 'Silver', 'Gold', 'Gold', 'Platinum']
const familyNames = ['王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '林']
const givenNames = ['伟', '芳', '娜', '敏', '静', '强', '磊', '洋', '艳', '勇', '军', '杰', '娟', '涛', '明', '超']
const firstNames = ['Anna', 'Ben', 'Clara', 'David', 'Emma', 'Felix', 'Grace', 'Henry', 'Ida', 'Jonas', 'Kate', 'Leo', 'Mia', 'Noah', 'Olga', 'Paul']
const lastNames = ['Smith', 'Müller', 'Jones', 'Weber', 'Brown', 'Fischer', 'Taylor', 'Wagner', 'Wilson', 'Becker', 'Evans', 'Schulz', 'Walker', 'Hoffmann', 'Green', 'Koch']
const categories = ['Shoes', 'Coats', 'Tea', 'Coffee', 'Books', 'Toys', 'Garden', 'Kitchen', 'Beauty', 'Sports', 'Audio', 'Phones']
const channels = ['Store', 'Web', 'App', 'Mini program', 'Phone', 'Partner']
const devices = ['iPhone', 'Android', 'iPad', 'Windows', 'Mac', 'unknown device']
const hobbies = ['running', 'cooking', 'travel', 'music', 'film', 'photo', 'yoga', 'cycling', 'reading', 'gaming', 'hiking', 'wine']
const streets = ['Garden', 'Lake', 'Station', 'Market', 'Church', 'Park', 'Mill', 'School', 'Bridge', 'Forest', 'Harbour', 'Castle']
const remarks = ['prefers calls in the evening', 'asked for an invoice', 'moved recently', 'said "never on Mondays"', 'two accounts, one owner']
const risks = ['low', 'low', 'low', 'middle', 'high']

export interface Variant {
  /** Every such row differs from the first file; 0 for none. */
  changeEvery: number
  /** First row number of the file; the second source begins where most of the first has passed, so that they overlap. */
  offset: number
  /** Keys of another source are others, though the people are the same. */
  keyPrefix: string
}

/**
 * One row as a line of CSV. Of every 20 rows two share a mobile number; in half of these pairs the second has no OneID, so
 * that they are joined, in the other half two OneIDs stand against each other and the join is refused.
 */
export function csvLine(row: number, variant: Variant): string {
  const person = variant.offset + row
  const random = new Random(seed, person)
  const second = person % 20 === 1
  const mobile = 13_000_000_000 + (second ? person - 1 : person) * 7
  const chinese = random.next() < 0.6
  const name = chinese ? random.of(familyNames) + random.of(givenNames) + (random.next() < 0.5 ? random.of(givenNames) : '') : `${random.of(firstNames)} ${random.of(lastNames)}`
  const birthday = day(-4000 - random.below(20_000))
  const city = random.of(cities)
  const level = random.of(levels)
  const orders = random.below(60)
  const first = random.below(2000)
  const last = first + random.below(2000)
  const cells: (string | number)[] = [
    `${variant.keyPrefix}${String(person).padStart(8, '0')}`, second && person % 40 === 1 ? '' : `O${(person * 2654435761) % 1e10}-${person}`, mobile, `${random.of(firstNames).toLowerCase()}.${person}@example.com`,
    name, random.next() < 0.05 ? '' : random.next() < 0.5 ? 'male' : 'female', birthday, city, random.next() < 0.02 ? '' : level,
    (orders * (20 + random.below(200_00) / 100)).toFixed(2), orders, moment(last, random), moment(first, random),
    random.of(categories), random.of(channels), `Store ${random.below(500)}`, random.of(devices), `${1 + random.below(5)}.${random.below(12)}.${random.below(4)}`,
    (random.below(1000) / 1000).toFixed(3), random.below(100_000), some(random, hobbies, 4).join('|'), some(random, categories, 3).map((name) => `Spring ${name}`).join('|'),
    `${random.below(400)} ${random.of(streets)} ${random.of(streets)} Street, ${city} ${10_000 + random.below(90_000)}`, random.next() < 0.1 ? quoted(random.of(remarks)) : '',
    moment(last + random.below(200), random), random.below(500), random.of(risks)
  ]
  cells[22] = quoted(String(cells[22]))
  if (variant.changeEvery && row % variant.changeEvery === 7) change(cells, row, variant.changeEvery)
  return cells.join(',')
}

/** What a day's changes look like: mostly tags, now and then an attribute, seldom an ID. */
function change(cells: (string | number)[], row: number, every: number): void {
  const number = Math.floor(row / every)
  cells[19] = Number(cells[19]) + 1
  cells[25] = Number(cells[25]) + 1
  if (number % 5 === 0) cells[8] = 'Diamond'
  if (number % 20 === 0) cells[2] = 19_000_000_000 + row
}

/** Up to `most` different ones of twelve. */
function some(random: Random, list: readonly string[], most: number): string[] {
  const first = random.below(list.length)
  return Array.from({ length: random.below(most + 1) }, (_, index) => list[(first + index * 5) % list.length] as string)
}

const zero = Date.UTC(2018, 0, 1)
const dayLength = 86_400_000

function day(days: number): string {
  return new Date(zero + days * dayLength).toISOString().slice(0, 10)
}

function moment(days: number, random: Random): string {
  return new Date(zero + days * dayLength + random.below(86_400) * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
