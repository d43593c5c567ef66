import type { Culture } from './other-names.ts'

export interface Place {
  city: string; province: string
  /** How many customers live there, in proportion. */
  weight: number
  stores: string[]
  /** Where its people go on a free day. */
  outing: string
  /** Districts, for addresses. */
  districts: string[]
  /** Abroad: the country code and kinds of its mobile numbers, and whose names one meets. */
  abroad?: { prefix: string; digits: string; cultures: Culture[] }
}

// city, province, weight; stores; where people go; districts.
const china = `
杭州市,浙江省,150|湖滨银泰in77店,滨江龙湖天街店,拱墅大悦城店,萧山旺角城店,余杭永旺梦乐城店,西湖区湖滨银泰in77 C区二层会员体验店|千岛湖|西湖区,拱墅区,滨江区,余杭区,萧山区
上海市,上海市,160|静安大悦城店,徐汇港汇恒隆店,浦东正大广场店,五角场合生汇店,七宝万科广场店,黄浦区淮海中路新天地时尚II期三层茶空间|崇明岛|静安区,徐汇区,浦东新区,杨浦区,闵行区
北京市,北京市,130|朝阳大悦城店,三里屯太古里店,西单大悦城店,五棵松华熙LIVE店|怀柔|朝阳区,海淀区,西城区,丰台区
广州市,广东省,80|天河城店,正佳广场店,番禺万达广场店|从化|天河区,越秀区,番禺区,海珠区
深圳市,广东省,85|万象天地店,海岸城店,福田卓悦中心店|大鹏半岛|南山区,福田区,龙华区
成都市,四川省,75|远洋太古里店,春熙路IFS店,高新银泰城店|青城山|锦江区,武侯区,高新区
南京市,江苏省,55|新街口德基广场店,建邺吾悦广场店|紫金山|玄武区,建邺区,鼓楼区
苏州市,江苏省,55|苏州中心店,园区久光店|太湖西山岛|姑苏区,工业园区,吴中区
宁波市,浙江省,48|天一广场店,鄞州印象城店|四明山|海曙区,鄞州区
武汉市,湖北省,45|楚河汉街店,武商MALL店|木兰天池|武昌区,江汉区,洪山区
重庆市,重庆市,45|解放碑店,北城天街店|武隆仙女山|渝中区,江北区,渝北区
西安市,陕西省,40|赛格国际店,曲江大悦城店|终南山|雁塔区,碑林区
长沙市,湖南省,35|国金中心店,梅溪新天地店|岳麓山|芙蓉区,岳麓区
厦门市,福建省,32|SM城市广场店,中华城店|鼓浪屿|思明区,湖里区
福州市,福建省,28|东百中心店|鼓岭|鼓楼区,台江区
青岛市,山东省,28|万象城店|崂山|市南区,崂山区
济南市,山东省,20|恒隆广场店|灵岩寺|历下区,市中区
天津市,天津市,26|南开大悦城店|盘山|南开区,和平区
郑州市,河南省,22|正弘城店|嵩山|金水区,管城区
合肥市,安徽省,24|银泰中心店|巢湖|蜀山区,庐阳区
无锡市,江苏省,26|恒隆广场店|鼋头渚|梁溪区,滨湖区
绍兴市,浙江省,24|银泰城店|会稽山|越城区,柯桥区
嘉兴市,浙江省,20|八佰伴店|南湖|南湖区,秀洲区
温州市,浙江省,22|万象城店|雁荡山|鹿城区,瓯海区
金华市,浙江省,16|世贸中心店|双龙洞|婺城区,金东区
昆明市,云南省,20|恒隆广场店|滇池|五华区,官渡区
佛山市,广东省,18|岭南天地店|西樵山|禅城区,南海区
东莞市,广东省,16|国贸城店|松山湖|南城街道,松山湖
珠海市,广东省,12|富华里店|外伶仃岛|香洲区
泉州市,福建省,15|浦西万达店|清源山|丰泽区,鲤城区
沈阳市,辽宁省,14|皇城恒隆店|棋盘山|沈河区,和平区
大连市,辽宁省,15|恒隆广场店|金石滩|中山区,沙河口区
哈尔滨市,黑龙江省,12|中央大街店|亚布力|道里区,南岗区
长春市,吉林省,10|欧亚卖场店|净月潭|朝阳区
石家庄市,河北省,12|勒泰中心店|苍岩山|长安区
太原市,山西省,10|茂业天地店|晋祠|小店区
南昌市,江西省,13|红谷滩万达店|梅岭|红谷滩区
南宁市,广西壮族自治区,12|万象城店|青秀山|青秀区
贵阳市,贵州省,12|方圆荟店|黔灵山|观山湖区
海口市,海南省,10|日月广场店|火山口公园|美兰区
兰州市,甘肃省,8|国芳百货店|兴隆山|城关区
乌鲁木齐市,新疆维吾尔自治区,9|友好商场店|天山天池|天山区,沙依巴克区
呼和浩特市,内蒙古自治区,7|海亮广场店|辉腾锡勒草原|赛罕区
拉萨市,西藏自治区,4|八廓街店|纳木错|城关区`

export const places: readonly Place[] = china.trim().split('\n').map((line) => {
  const [head, stores, outing, districts] = line.split('|') as [string, string, string, string]
  const [city, province, weight] = head.split(',') as [string, string, string]
  return { city, province, weight: Number(weight), outing, districts: districts.split(','), stores: stores.split(',').map((store) => (store.startsWith('苏州') ? store : city.replace(/市$/, '') + store)) }
})

export const hongKong: Place = { city: '香港', province: '香港特别行政区', weight: 14, stores: ['香港銅鑼灣希慎廣場店', '香港尖沙咀K11 MUSEA店'], outing: '西貢', districts: ['灣仔', '尖沙咀', '沙田'], abroad: { prefix: '+852 ', digits: '9### ####', cultures: ['hongkong'] } }

/** Where the web shop sends to abroad. Numbers are of ranges kept for stories where a country has some. */
export const abroad: readonly Place[] = [
  far('London', 'England', 20, 'the Chilterns', { prefix: '+44 ', digits: '7700 900###', cultures: ['english', 'english', 'english', 'indian', 'arabic'] }),
  far('Manchester', 'England', 7, 'the Peak District', { prefix: '+44 ', digits: '7700 900###', cultures: ['english', 'english', 'indian'] }),
  far('San Francisco', 'California', 14, 'Point Reyes', { prefix: '+1 ', digits: '415 555 01##|510 555 01##|650 555 01##', cultures: ['english', 'english', 'spanish', 'indian'] }),
  far('New York', 'New York', 14, 'the Catskills', { prefix: '+1 ', digits: '212 555 01##|718 555 01##|917 555 01##', cultures: ['english', 'english', 'spanish', 'italian'] }),
  far('Vancouver', 'British Columbia', 10, 'Whistler', { prefix: '+1 ', digits: '604 555 01##|236 555 01##', cultures: ['english', 'english', 'french'] }),
  far('Sydney', 'New South Wales', 12, 'the Blue Mountains', { prefix: '+61 ', digits: '491 570 ###', cultures: ['english', 'english', 'indian', 'vietnamese'] }),
  far('Singapore', 'Singapore', 22, 'Pulau Ubin', { prefix: '+65 ', digits: '8### ####', cultures: ['malay', 'indian', 'english'] }),
  far('Kuala Lumpur', 'Kuala Lumpur', 9, 'the Cameron Highlands', { prefix: '+60 ', digits: '12-### ####', cultures: ['malay', 'malay', 'indian'] }),
  far('Berlin', 'Berlin', 9, 'the Spreewald', { prefix: '+49 ', digits: '152 5555 ####', cultures: ['german', 'german', 'slavic'] }),
  far('München', 'Bayern', 8, 'the Alps', { prefix: '+49 ', digits: '152 5555 ####', cultures: ['german', 'german', 'italian'] }),
  far('Paris', 'Île-de-France', 9, 'Fontainebleau', { prefix: '+33 ', digits: '6 39 98 ## ##', cultures: ['french', 'french', 'arabic'] }),
  far('Stockholm', 'Stockholms län', 6, 'the archipelago', { prefix: '+46 ', digits: '70 174 06 ##|70 174 05 ##', cultures: ['nordic'] }),
  far('東京', '東京都', 10, '高尾山', { prefix: '+81 ', digits: '90-####-####', cultures: ['japanese'] }),
  far('서울', '서울특별시', 7, '북한산', { prefix: '+82 ', digits: '10-####-####', cultures: ['korean'] }),
  far('Hà Nội', 'Hà Nội', 6, 'Ba Vì', { prefix: '+84 ', digits: '91 ### ## ##', cultures: ['vietnamese'] }),
  far('Milano', 'Lombardia', 5, 'Lago di Como', { prefix: '+39 ', digits: '333 ### ####', cultures: ['italian'] }),
  far('Dubai', 'Dubai', 5, 'Hatta', { prefix: '+971 ', digits: '50 ### ####', cultures: ['arabic', 'arabic', 'english'] })
]

function far(city: string, province: string, weight: number, outing: string, away: NonNullable<Place['abroad']>): Place {
  return { city, province, weight, outing, stores: [], districts: [], abroad: away }
}
