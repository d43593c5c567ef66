import type { Random } from './random.ts'

export interface Taste { young: boolean; old: boolean; male: boolean; chinese: boolean; city: string; keen: boolean }

// What people like: how many do, then times for women, under 33, over 52, and those who do not come from China.
const likes: readonly [name: string, weight: number, women: number, young: number, old: number, foreign: number][] = [
  ['tea', 30, 1, 0.8, 1.5, 0.9], ['茶具', 15, 1, 0.7, 1.6, 0.2], ['hiking', 18, 0.9, 1.1, 0.8, 1.4], ['camping', 17, 0.9, 1.5, 0.3, 1.2], ['fishing', 7, 0.15, 0.4, 2, 1],
  ['cycling', 10, 0.6, 1.2, 0.7, 1.2], ['running', 13, 0.9, 1.3, 0.5, 1.3], ['climbing', 5, 0.8, 1.7, 0.1, 1.6], ['skiing', 5, 0.9, 1.5, 0.2, 1.5], ['yoga', 10, 4, 1.2, 0.6, 1.2],
  ['swimming', 7, 1, 1, 0.9, 1], ['badminton', 8, 1, 1, 0.8, 0.3], ['football', 5, 0.2, 1.3, 0.4, 1.5], ['太极', 4, 1, 0.1, 5, 0.3], ['photography', 12, 0.9, 1.2, 0.9, 1],
  ['travel', 20, 1.1, 1.1, 1, 1.1], ['reading', 12, 1.2, 0.9, 1.2, 1.2], ['cooking', 11, 1.3, 0.8, 1.2, 1.1], ['baking', 7, 4, 1.3, 0.4, 1], ['coffee', 15, 1.1, 1.6, 0.3, 1.4],
  ['gardening', 7, 1.3, 0.4, 2, 1.3], ['ceramics', 6, 1.4, 1, 1, 1.2], ['perfume', 6, 4, 1.5, 0.3, 1], ['香道', 5, 1.3, 0.7, 1.3, 0.1], ['书法', 5, 0.9, 0.5, 2.2, 0.1],
  ['古琴', 3, 1.3, 0.8, 1, 0.05], ['围棋', 4, 0.3, 0.7, 1.6, 0.1], ['汉服', 4, 6, 3, 0.05, 0.1], ['插花', 5, 5, 0.9, 1.1, 0.2], ['board games', 6, 0.8, 2, 0.05, 1.2],
  ['music', 11, 1, 1.3, 0.9, 1.1], ['film', 9, 1, 1.2, 0.7, 1], ['pets', 9, 1.3, 1.5, 0.5, 1]
]

export function drawLikes(random: Random, taste: Taste): string[] {
  const weights = likes.map(([name, weight, women, young, old, foreign]) =>
    [name, weight * (taste.male ? 1 / Math.sqrt(women) : Math.sqrt(women)) * (taste.young ? young : taste.old ? old : 1) * (taste.chinese ? 1 : foreign)] as const)
  return random.some(weights, random.weighted([[1, 12], [2, 26], [3, 28], [4, 18], [5, 10], [6, 4], [9, 1]]))
}

const chineseTeas: readonly (readonly [string, number])[] = [['西湖龙井', 14], ['碧螺春', 7], ['安吉白茶', 8], ['黄山毛峰', 6], ['正山小种', 7], ['祁门红茶', 6], ['滇红', 5], ['大红袍', 7], ['铁观音', 8], ['凤凰单丛', 7], ['白毫银针', 5], ['福鼎白茶', 7], ['普洱熟茶', 8], ['普洱生茶', 4], ['茉莉花茶', 6], ['陈皮普洱', 5], ['桂花乌龙', 6]]
const otherTeas: readonly (readonly [string, number])[] = [['Earl Grey', 10], ['Darjeeling', 8], ['Longjing', 8], ['Sencha', 6], ['Jasmine', 8], ['Tieguanyin', 5], ['Assam', 5], ['Lapsang Souchong', 5], ['Chamomile', 5]]
const localTeas: Record<string, string> = { 杭州市: '西湖龙井', 苏州市: '碧螺春', 合肥市: '黄山毛峰', 厦门市: '铁观音', 泉州市: '铁观音', 福州市: '茉莉花茶', 广州市: '凤凰单丛', 昆明市: '普洱熟茶', 北京市: '茉莉花茶' }

export function drawTeas(random: Random, taste: Taste): string[] {
  const local = localTeas[taste.city]
  const list = taste.chinese ? chineseTeas.map(([tea, weight]) => [tea, tea === local ? weight * 6 : weight] as const) : otherTeas
  return random.some(list, random.weighted([[1, 45], [2, 35], [3, 20]]))
}

const gear: readonly (readonly [string, number])[] = [['天幕', 8], ['折叠椅', 14], ['双人帐篷', 9], ['便携炉具', 8], ['露营灯', 9], ['登山杖', 10], ['冲锋衣', 14], ['徒步鞋', 13], ['睡袋', 7], ['保温壶', 12], ['户外茶具', 9], ['蛋卷桌', 7], ['40L 背包', 6]]
const foreignGear: readonly (readonly [string, number])[] = [['tarp', 7], ['camp chair', 12], ['2-person tent', 9], ['stove', 8], ['lantern', 8], ['trekking poles', 9], ['rain shell', 12], ['hiking boots', 12], ['sleeping bag', 8], ['travel tea set', 9], ['40 l pack', 7]]

export function drawGear(random: Random, taste: Taste): string[] {
  return random.some(taste.chinese ? gear : foreignGear, random.int(1, 5))
}

export const outdoor: ReadonlySet<string> = new Set(['hiking', 'camping', 'fishing', 'climbing', 'skiing', 'cycling'])

const brands: readonly (readonly [string, number])[] = [['Snow Peak', 12], ['云麓', 18], ['Patagonia', 8], ["Arc'teryx", 9], ['凯乐石', 9], ['牧高笛', 9], ['挪客', 9], ['Helinox', 5], ['Kinto', 7], ['Hario', 6], ['山舍手作', 7], ['观夏', 5], ['Stanley', 8], ['德化白瓷', 6]]

export function drawBrand(random: Random): string {
  return random.weighted(brands)
}

export const wishes: readonly (readonly [string, number])[] = [['青瓷盖碗', 9], ['旅行茶具套装', 12], ['云麓天幕 Pro', 9], ['明前龙井礼盒', 11], ['钛杯 450ml', 9], ['羊毛毯', 7], ['铸铁壶', 7], ['月光白茶饼', 8], ['折叠茶桌', 7], ['香插', 6], ['轻量羽绒服', 9], ['中秋茶礼', 8]]
export const foreignWishes: readonly (readonly [string, number])[] = [['celadon gaiwan', 9], ['travel tea set', 12], ['Longjing gift box', 9], ['titanium mug', 9], ['wool blanket', 8], ['cast-iron kettle', 7], ['white tea cake', 7], ['folding tea table', 6], ['incense holder', 6]]

const occasions: readonly (readonly [string, number])[] = [['春节', 14], ['中秋', 12], ['生日', 14], ['端午', 5], ['结婚纪念日', 5], ['乔迁', 4], ['教师节', 4], ['母亲节', 7], ['商务拜访', 7]]
const foreignOccasions: readonly (readonly [string, number])[] = [['birthday', 14], ['Christmas', 14], ['wedding anniversary', 6], ["Mother's Day", 7], ['housewarming', 6], ['Eid', 2], ['Diwali', 2], ['Lunar New Year', 6]]

export function drawOccasions(random: Random, taste: Taste): string[] {
  return random.some(taste.chinese ? occasions : foreignOccasions, random.int(1, 3))
}
