import type { Person } from './people.ts'
import type { Random } from './random.ts'
import { foreignSurvey, foreignSurveyEnds, survey, surveyEnds } from './survey-texts.ts'

/** What somebody answered when the mini-program asked what they like, in their words. */
export function surveyAnswer(person: Person, random: Random): string {
  const chinese = speaksChinese(person)
  const answers = chinese ? survey : foreignSurvey
  const known = person.likes.filter((like) => answers[like]).slice(0, random.int(1, 3))
  const parts = known.map((like) => random.pick(answers[like] as string[]).replace('{place}', person.place.outing))
  const ends = random.some((chinese ? surveyEnds : foreignSurveyEnds).map((end) => [end, 1] as const), parts.length === 0 ? 2 : 1)
  return chinese ? [...parts, ...ends].join('；') : sentence([...parts, ...ends].join('; '))
}

export function speaksChinese({ culture }: Person): boolean {
  return ['han', 'uyghur', 'tibetan', 'mongol'].includes(culture)
}

const estates = ['湖畔花园', '翡翠城', '金色家园', '万科璞悦', '绿城桃花源', '和平里小区', '滨江壹号', '阳光100', '梧桐公寓', '书香门第', '龙湖天宸', '中海紫御', '华润凤凰城', '东方润园', '老浙大教工宿舍']
const offices = ['软件园', '创智天地', '国际金融中心', '环球中心', '科技大厦', '文创园', '大学城']
const chineseNotes: ((random: Random, district: string) => string)[] = [
  (random, district) => `${district}${random.pick(estates)}${random.int(1, 28)}幢，放菜鸟驿站即可，取件码发短信`,
  (random, district) => `工作日请在18:30以后送到${district}${random.pick(estates)}，周末全天有人；易碎品请轻放，到前先打电话`,
  (random, district) => `${district}${random.pick(offices)}${random.pick(['A', 'B', 'C'])}座前台代收，${random.int(9, 10)}点后有人，周末不送`,
  (random) => `请勿放门口，家里有${random.pick(['猫', '狗', '小孩在午睡'])}，${random.pick(['敲门轻一点', '不要按门铃，打电话'])}，谢谢`,
  () => '放丰巢柜即可',
  (random) => `送礼用，请不要放价格单，麻烦附上手写卡片：${random.pick(['祝爸妈中秋快乐', '乔迁之喜', '生日快乐，一切顺遂', '感谢一路照顾'])}`,
  (random, district) => `${district}${random.pick(estates)}门卫室转交${random.int(2, 26)}栋${random.int(1, 4)}单元，快递车不能进小区，请走东门；中午12:00–14:00休息请勿来电`
]
const otherNotes: ((random: Random) => string)[] = [
  (random) => `Please leave parcels with the concierge of building ${random.int(1, 12)}, phone first; no delivery between 12:00 and 14:00, and never on Sundays`,
  (random) => `Ring the bell at number ${random.int(2, 180)}, the door to the left of the bakery`,
  (random) => `If nobody is in, leave it with the neighbours at number ${random.int(1, 60)}`,
  () => 'Gift: no invoice in the box, please, and use the green paper',
  (random) => `Office hours only, ${random.int(8, 9)}:00 to ${random.int(16, 18)}:00, reception on the ground floor; fragile items by hand, as the lift is often out of order`,
  () => 'Leave in the parcel locker'
]

export function deliveryNote(person: Person, random: Random): string {
  return speaksChinese(person) ? random.pick(chineseNotes)(random, random.pick(person.place.districts)) : random.pick(otherNotes)(random)
}

/** What the adviser in the store wrote down after a talk. */
export function adviserNote(person: Person, teas: string[], visits: number, random: Random): string {
  const him = person.male ? '先生' : '女士'
  const [like] = person.likes
  const tea = teas[0] ?? '绿茶'
  if (!speaksChinese(person)) {
    return random.pick([
      `Prefers English. Buys ${tea} for the office; likes to taste before buying, and asks about origin.`,
      `Comes with friends on Saturdays. Interested in ${like ?? 'tea'}; told about the spring tasting.`,
      `Looking for a present under 500. Suggested ${tea} in the gift tin, will think about it.`
    ])
  }
  if (visits < 3) {
    return random.pick([
      `初次到店，停留约${random.int(15, 50)}分钟，试了${tea}和桂花乌龙，买了小罐装；加了企业微信。`,
      `朋友介绍来的，想买一份送长辈的礼物，预算五百左右，推荐了${tea}礼盒，再考虑一下。`,
      `对${like ?? '新品'}感兴趣，已介绍会员权益，邀请参加${random.int(3, 6)}月的品茶会。`
    ])
  }
  return random.pick([
    `${person.name.surname}${him}常在周末下午来，先试茶再买，偏爱${tea}；送礼多选礼盒装。`,
    `喜欢${tea}，对${like ?? '新品'}感兴趣，邀请参加${random.int(3, 6)}月的品茶会，已留名额。`,
    `家里有老人，注重原产地和年份；${him}对价格不敏感，更看重包装与配送时间。`,
    `第二次来看折叠茶桌，嫌重，等轻量款到货后电话通知。`,
    person.age > 28 && person.age < 50 ? `带孩子来，停留约${random.int(20, 50)}分钟，试了${tea}和桂花乌龙，买了小罐装，下次可推荐亲子茶课。` : `${person.name.surname}${him}对冲泡讲究，试了${tea}不同水温，买了小罐装，下次可推荐大师茶课。`,
    `企业采购联系人，每年中秋前订${random.int(20, 120)}份左右，请提前一个月联系。`
  ])
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
