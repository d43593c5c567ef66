import type { Random } from './random.ts'

export interface Name { full: string; surname: string; given: string; /** In Latin letters, as in an e-mail address. */ latinGiven: string; latinSurname: string }

// "王 wang 75": character, pinyin, how frequent.
const surnames = weigh(`王 wang 75,李 li 74,张 zhang 70,刘 liu 55,陈 chen 50,杨 yang 33,黄 huang 25,赵 zhao 24,吴 wu 22,周 zhou 22,徐 xu 20,孙 sun 18,马 ma 14,朱 zhu 15,胡 hu 14,郭 guo 13,何 he 13,高 gao 12,林 lin 14,罗 luo 10,
郑 zheng 10,梁 liang 9,谢 xie 8,宋 song 8,唐 tang 8,许 xu 8,韩 han 7,冯 feng 7,邓 deng 7,曹 cao 6,彭 peng 6,曾 zeng 6,肖 xiao 6,田 tian 5,董 dong 6,袁 yuan 5,潘 pan 5,于 yu 5,蒋 jiang 6,蔡 cai 6,余 yu 5,杜 du 5,叶 ye 6,程 cheng 6,
苏 su 5,魏 wei 5,吕 lv 5,丁 ding 5,任 ren 4,沈 shen 7,姚 yao 4,卢 lu 4,姜 jiang 4,崔 cui 4,钟 zhong 4,谭 tan 4,陆 lu 5,汪 wang 4,范 fan 4,金 jin 4,石 shi 3,廖 liao 3,贾 jia 3,夏 xia 4,韦 wei 3,方 fang 4,白 bai 3,邹 zou 3,孟 meng 3,
熊 xiong 3,秦 qin 3,邱 qiu 3,江 jiang 3,尹 yin 2,薛 xue 2,段 duan 2,雷 lei 2,侯 hou 2,龙 long 2,史 shi 2,陶 tao 3,黎 li 2,贺 he 2,顾 gu 4,毛 mao 2,郝 hao 2,龚 gong 2,邵 shao 3,万 wan 2,钱 qian 4,严 yan 3,戴 dai 3,莫 mo 2,孔 kong 1,
汤 tang 2,温 wen 1,柳 liu 1,俞 yu 2,宁 ning 1,章 zhang 2,施 shi 2,翁 weng 1,欧阳 ouyang 3,上官 shangguan 0.5,司马 sima 0.4,诸葛 zhuge 0.6,慕容 murong 0.3`)

// Given names change with the years; each list is of one generation.
const men = [
  read('建国 jianguo,建华 jianhua,建平 jianping,国强 guoqiang,国庆 guoqing,志强 zhiqiang,志明 zhiming,志刚 zhigang,卫东 weidong,卫国 weiguo,永强 yongqiang,永福 yongfu,德明 deming,德胜 desheng,文斌 wenbin,学军 xuejun,爱民 aimin,福生 fusheng,金生 jinsheng,长江 changjiang,海涛 haitao,振华 zhenhua,玉林 yulin,光明 guangming,新民 xinmin,庆华 qinghua,云龙 yunlong,成林 chenglin,世杰 shijie,树林 shulin,炳坤 bingkun,宝山 baoshan,忠义 zhongyi,鸿章 hongzhang'),
  read('伟 wei,勇 yong,军 jun,强 qiang,磊 lei,涛 tao,斌 bin,刚 gang,辉 hui,鹏 peng,健 jian,峰 feng,波 bo,俊 jun,超 chao,明 ming,毅 yi,晓东 xiaodong,晓明 xiaoming,海波 haibo,志远 zhiyuan,志勇 zhiyong,立新 lixin,立军 lijun,文杰 wenjie,文涛 wentao,国栋 guodong,建军 jianjun,建伟 jianwei,少华 shaohua,永刚 yonggang,宏伟 hongwei,洪涛 hongtao,利民 limin,庆丰 qingfeng,向阳 xiangyang,志强 zhiqiang'),
  read('浩 hao,宇 yu,凯 kai,鑫 xin,博 bo,翔 xiang,帅 shuai,晨 chen,阳 yang,飞 fei,嘉豪 jiahao,嘉伟 jiawei,俊杰 junjie,俊豪 junhao,志豪 zhihao,文博 wenbo,宇航 yuhang,天宇 tianyu,晓峰 xiaofeng,一鸣 yiming,思远 siyuan,家明 jiaming,子豪 zihao,晓阳 xiaoyang,云飞 yunfei,雨辰 yuchen,鹏飞 pengfei,泽宇 zeyu,晨曦 chenxi,旭东 xudong,明轩 mingxuan,承恩 chengen,佳豪 jiahao,景明 jingming'),
  read('子轩 zixuan,浩然 haoran,宇轩 yuxuan,梓豪 zihao,子涵 zihan,浩宇 haoyu,俊熙 junxi,睿 rui,奕辰 yichen,沐阳 muyang,皓轩 haoxuan,子墨 zimo,梓睿 zirui,泽楷 zekai,佳乐 jiale,思源 siyuan,天佑 tianyou,文昊 wenhao,锦程 jincheng,博文 bowen,致远 zhiyuan,彦霖 yanlin,昊天 haotian,书航 shuhang,逸飞 yifei,嘉懿 jiayi,景行 jingxing,知远 zhiyuan')
]
const women = [
  read('秀英 xiuying,桂英 guiying,秀兰 xiulan,玉兰 yulan,桂兰 guilan,秀珍 xiuzhen,凤英 fengying,玉珍 yuzhen,淑珍 shuzhen,淑华 shuhua,淑芬 shufen,丽华 lihua,丽萍 liping,美华 meihua,美珍 meizhen,月娥 yuee,春梅 chunmei,春兰 chunlan,秋菊 qiuju,冬梅 dongmei,雪梅 xuemei,金凤 jinfeng,彩霞 caixia,爱华 aihua,惠珍 huizhen,惠芳 huifang,素芬 sufen,瑞芳 ruifang,亚琴 yaqin,慧敏 huimin,国英 guoying,建英 jianying,佩珍 peizhen'),
  read('敏 min,静 jing,丽 li,艳 yan,芳 fang,娟 juan,霞 xia,燕 yan,玲 ling,红 hong,萍 ping,洁 jie,莉 li,琴 qin,梅 mei,晓燕 xiaoyan,晓红 xiaohong,晓丽 xiaoli,海燕 haiyan,丽娜 lina,丽娟 lijuan,艳红 yanhong,春燕 chunyan,美玲 meiling,文静 wenjing,玉洁 yujie,淑敏 shumin,建芳 jianfang,红梅 hongmei,秋霞 qiuxia,秀丽 xiuli,晓敏 xiaomin,云 yun'),
  read('婷 ting,娜 na,雪 xue,倩 qian,颖 ying,佳 jia,琳 lin,薇 wei,蕾 lei,琪 qi,莹 ying,丹 dan,晶 jing,悦 yue,晓敏 xiaomin,婷婷 tingting,雅婷 yating,雅静 yajing,思琪 siqi,思雨 siyu,梦瑶 mengyao,梦婷 mengting,佳怡 jiayi,佳慧 jiahui,嘉欣 jiaxin,欣怡 xinyi,诗雨 shiyu,诗琪 shiqi,雨晴 yuqing,雨欣 yuxin,静怡 jingyi,静雯 jingwen,晓彤 xiaotong,晨曦 chenxi,若琳 ruolin,文婷 wenting,一帆 yifan,语冰 yubing'),
  read('雨桐 yutong,子涵 zihan,欣妍 xinyan,梓涵 zihan,诗涵 shihan,可欣 kexin,语嫣 yuyan,佳琪 jiaqi,梦洁 mengjie,雨萱 yuxuan,思颖 siying,一诺 yinuo,依诺 yinuo,紫萱 zixuan,若曦 ruoxi,心怡 xinyi,子萱 zixuan,沐瑶 muyao,语桐 yutong,清扬 qingyang,知夏 zhixia,念安 nianan,书瑶 shuyao,予安 yuan,晚晴 wanqing,安然 anran,舒窈 shuyao')
]

/** A name that fits gender and year of birth; `surname` for somebody of a family. */
export function chineseName(random: Random, male: boolean, birthYear: number, surname?: string): Name {
  const generation = birthYear < 1970 ? 0 : birthYear < 1985 ? 1 : birthYear < 1997 ? 2 : 3
  const family = surnames.find(([[text]]) => text === surname)?.[0] ?? random.weighted(surnames)
  const own = random.pick((male ? men : women)[generation] as (readonly [string, string])[])
  return { full: family[0] + own[0], surname: family[0], given: own[0], latinGiven: own[1], latinSurname: family[1] }
}

function read(text: string): (readonly [string, string])[] {
  return text.split(/,\s*/).map((entry) => entry.split(' ') as [string, string])
}

function weigh(text: string): (readonly [readonly [string, string], number])[] {
  return text.split(/,\s*/).map((entry) => {
    const [name, latin, weight] = entry.split(' ') as [string, string, string]
    return [[name, latin] as const, Number(weight)] as const
  })
}
