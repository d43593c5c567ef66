import { createHash } from 'node:crypto'
import { normalise } from '../identities/normalise.ts'
import type { FileColumn, StructureFile } from '../sources/structure-file.ts'
import { emptyHashed, type Contact } from './contacts.ts'
import { day, formatTime, onDay, today } from './dates.ts'
import type { Person } from './people.ts'
import { Random } from './random.ts'
import { praise } from './survey-texts.ts'
import { speaksChinese, surveyAnswer } from './texts.ts'

const columns: FileColumn[] = [
  { column: 'union_id', kind: 'id', idType: 'UNION_ID' },
  { column: 'open_id', kind: 'id', idType: 'OPEN_ID' },
  { column: 'phone_md5', kind: 'id', idType: 'MOBILE', encryption: 'md5' },
  { column: 'real_name', kind: 'attribute', attribute: 'name' },
  { column: 'sex', kind: 'attribute', attribute: 'gender', emptyValues: ['0'] },
  { column: 'city', kind: 'attribute', attribute: 'city' },
  { column: 'province', kind: 'attribute', attribute: 'province' },
  { column: 'nickname', kind: 'tag', type: 'text', name: 'Nickname', group: ['Mini-program'] },
  { column: 'language', kind: 'tag', type: 'text', name: 'Language', group: ['Mini-program'], description: 'Language of the phone.' },
  { column: 'first_open', kind: 'tag', type: 'time', format: 'YMD', name: 'First opened', group: ['Mini-program'] },
  { column: 'last_open', kind: 'tag', type: 'time', format: 'YMD', name: 'Last opened', group: ['Mini-program'] },
  { column: 'opens_30d', kind: 'tag', type: 'number', name: 'Opened in 30 days', group: ['Mini-program'], description: 'On how many of the last 30 days the mini-program was opened.' },
  { column: 'came_through', kind: 'tag', type: 'text', name: 'Came through', group: ['Mini-program'] },
  { column: 'coupons_used', kind: 'tag', type: 'number', name: 'Coupons used', group: ['Purchases'] },
  { column: 'survey', kind: 'tag', type: 'text', name: '兴趣偏好（问卷）', group: ['Interests'], description: 'Answer to the open question of the survey, in the words of the customer.' },
  { column: 'recommend', kind: 'tag', type: 'number', name: 'Would recommend us', group: ['Service'], description: 'From 0 (never) to 10 (certainly), from the survey.' },
  { column: 'consent', kind: 'tag', type: 'multi', delimiter: '|', name: 'Consent', group: ['Service', 'Consent'], description: 'What the customer has agreed to.' }
]

export const miniStructure: StructureFile = { alias: 'Mini-program', key: { column: 'union_id', idType: 'UNION_ID' }, updateTime: 'last_open', columns }

/** The cells of a visitor of the mini-program as of a time. */
export function miniRow(person: Person, contact: Contact, until: number): (string | number)[] {
  const random = person.random('mini')
  const since = person.since.mini as number
  const last = lastOpened(person, since, until)
  const active = until - last < 30 * day
  const answer = random.chance(0.36) ? surveyAnswer(person, random) : ''
  const sure = random.chance(Object.keys(person.since).length > 1 ? 0.8 : 0.62)
  return [
    wechatId(person, 'union', 'oYk7L5'), wechatId(person, 'open', 'oA9c2'), contact.mini === '' ? '' : md5(contact.mini), sure ? person.name.full : '', random.chance(0.13) ? 0 : person.male ? 1 : 2,
    random.chance(0.9) ? person.place.city : '', random.chance(0.9) ? person.place.province : '', nickname(person, random), languageOf(person, random), formatTime(since), formatTime(last),
    active ? Math.max(1, Math.min(30, Math.round(random.wait(5 * person.keen)))) : 0, random.weighted(speaksChinese(person) ? [['门店扫码', 40], ['公众号菜单', 18], ['朋友分享', 18], ['搜索', 10], ['朋友圈广告', 9], ['视频号', 5]] : [['QR code in the store', 40], ['shared by a friend', 20], ['search', 12]]),
    random.chance(0.75) ? Math.floor(random.wait(2.2)) : '', answer, answer === '' ? '' : random.weighted(praise.test(answer) ? [[10, 50], [9, 35], [8, 15]] : [[10, 16], [9, 20], [8, 26], [7, 18], [6, 9], [5, 6], [3, 4], [0, 1]]),
    random.some([['SMS', 5], ['WeChat', 10], ['e-mail', 3], ['phone', 2], ['profiling', 3]], random.weighted([[0, 12], [1, 38], [2, 32], [3, 14], [4, 4]])).join('|')
  ]
}

function lastOpened(person: Person, since: number, until: number): number {
  const random = person.random('opened')
  const latest = today - random.waitWithin(70 * day, today - since)
  const times = [onDay(since, 7.5, 23.8, random.next()), onDay(since + (latest - since) * 0.8, 7, 23.8, random.next()), onDay(latest, 7, 23.8, random.next())]
  return times.filter((time) => time <= until && time >= since).at(-1) ?? since
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function wechatId(person: Person, kind: string, prefix: string): string {
  const random = person.random(kind)
  return prefix + Array.from({ length: 28 - prefix.length }, () => letters[random.int(0, letters.length - 1)]).join('')
}

/** As a partner hands numbers over: hashed after tidying. */
function md5(mobile: string): string {
  return createHash('md5').update(mobile === emptyHashed ? '' : normalise('MOBILE', mobile)).digest('hex')
}

function languageOf({ culture, place }: Person, random: Random): string {
  const own = { han: '中文', hongkong: '繁體中文', uyghur: 'ئۇيغۇرچە', tibetan: 'བོད་ཡིག', mongol: '中文', english: 'English', german: 'Deutsch', french: 'Français', spanish: 'Español', italian: 'Italiano', nordic: 'English', slavic: 'Русский', arabic: 'العربية', indian: 'English', japanese: '日本語', korean: '한국어', vietnamese: 'Tiếng Việt', malay: 'Bahasa Melayu' }[culture]
  return random.chance(culture === 'han' || culture === 'hongkong' || place.stores.length === 0 ? 0.96 : 0.6) ? own : random.pick(['中文', 'English'])
}

const nicknames = ['一叶知秋', '山里来的风', '茶余饭后', '今天也要早睡', '半糖主义', '慢慢来', '月亮不睡我不睡', '南方的雨', '云深不知处', '小满', '阿福的茶馆', '向日葵', '大海', '岁月静好', '平安是福', '知足常乐', '花开富贵', '宁静致远', '追风少年', '躺平的鱼', '会飞的猪', '橘子汽水', '不加班星人', 'Sunny', 'momo', 'Echo', 'Leo', 'Vivian', 'AAA建材老王', '人间四月天']

function nickname(person: Person, random: Random): string {
  const { surname, given } = person.name
  if (!speaksChinese(person)) return random.chance(0.7) ? given : `${given}${random.int(1, 99)}`
  const last = given.at(-1) as string
  return random.weighted([[random.pick(nicknames), 46], [`${given}在路上`, 4], [`小${last}`, 10], [`${last}${last}`, person.male ? 1 : 9], [`阿${last}`, 8], [`${surname}${person.male ? '先森' : '小姐'}`, 7], [`${given}同学`, 5], [person.name.full, 9]])
}
