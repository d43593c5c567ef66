/** What pleased people say, who recommend us. */
export const praise = /很快|好看|耐心|quick|patient|beautiful/

// Answers to "what do you like?", by what the person likes; {place} is where people of their city go.
export const survey: Record<string, string[]> = {
  tea: ['每天早上都会泡一壶茶，最近在尝试不同山头的生普', '喝茶十几年，口味偏清淡，明前绿茶每年都会囤一些', '办公室常备茶包，希望有更方便的小罐装'],
  茶具: ['收了不少盖碗和公道杯，偏爱素色的手作器', '想找一套适合旅行的便携茶具，最好能放进背包侧袋'],
  hiking: ['每月至少去{place}徒步一次，装备讲究轻量', '周末常去{place}走山路，需要一双防滑的徒步鞋', '喜欢带着保温壶上山，在山顶泡茶'],
  camping: ['周末常去{place}露营，偏好轻量化装备，关注折叠椅、天幕与便携炉具的新品', '和朋友露营为主，更看重帐篷的搭建速度和防雨', '刚开始露营，希望门店能有一次搭帐篷的体验课'],
  fishing: ['周末常去{place}钓鱼，需要结实的折叠椅和遮阳天幕'],
  cycling: ['骑车通勤，也参加俱乐部的长途骑行，关注防风外套'],
  running: ['一周跑三次，正在准备明年的半程马拉松'],
  climbing: ['喜欢室内攀岩，想试试野外线路'],
  skiing: ['每年冬天会去滑雪，保暖内层消耗快'],
  yoga: ['坚持练瑜伽三年，喜欢棉麻质地的衣服和淡一点的香', '每天练习半小时瑜伽，练完会喝一杯花草茶'],
  swimming: ['常年游泳，关注速干毛巾'],
  badminton: ['每周和同事打羽毛球'],
  太极: ['每天早晨在公园打太极，习惯自带热茶'],
  photography: ['喜欢拍风光，常为了日出去{place}', '爱拍器物和静物，店里的陈列很喜欢'],
  travel: ['一年出门旅行两三次，会把茶带在路上', '喜欢去产茶的地方旅行，去年去了景迈山'],
  reading: ['喜欢在店里看书喝茶，希望多一些安静的座位'],
  cooking: ['喜欢下厨，铸铁锅和砂锅都有收', '家里请客多，需要好看又耐用的餐具'],
  baking: ['周末做点心，想学用抹茶做甜品'],
  coffee: ['咖啡和茶都喝，手冲为主，想试试冷泡乌龙', '早上咖啡、下午茶，胃不太好，偏爱熟茶和红茶'],
  gardening: ['阳台种了不少花草，喜欢粗陶花器'],
  ceramics: ['在学陶艺，关注景德镇青年艺术家的作品'],
  perfume: ['对气味很敏感，喜欢木质调和桂花'],
  香道: ['在家里常点线香，最喜欢沉香和桂花'],
  书法: ['练字时喜欢点一支香、泡一壶茶'],
  古琴: ['学琴两年，希望有雅集活动可以参加'],
  围棋: ['周末和老朋友下棋喝茶'],
  汉服: ['参加汉服活动时会带茶席，喜欢宋风的器物'],
  插花: ['每周换一次花，喜欢用小口的陶瓶'],
  'board games': ['朋友聚会玩桌游，大壶茶比较合适'],
  music: ['喜欢听爵士和独立音乐，现场演出会来'],
  film: ['喜欢看老电影，希望有放映夜'],
  pets: ['出门会带狗，希望门店能允许宠物进店'],
  football: ['周末踢球，运动后喝茶解腻']
}

export const surveyEnds = ['对直播间优惠不敏感，更看重门店试用', '价格不是问题，关键是品质稳定', '希望会员日的提醒早一点发', '不想收到太多短信，公众号通知就好', '客服回复很快，体验不错', '包装可以再简单一些，更环保', '礼盒很好看，送人很有面子', '希望增加小规格，方便尝新', '门店有点远，主要在线上买', '配送时间可以更准一些', '店员讲解很耐心，会推荐给朋友', '新品上得有点慢']

export const foreignSurvey: Record<string, string[]> = {
  tea: ['I drink tea all day and would love to learn more about oolong', 'Longjing in spring, something darker in winter'],
  hiking: ['most weekends I am out in {place}, so light gear matters more than price', 'I hike with a thermos and a small gaiwan'],
  camping: ['we camp with friends in {place} and want a tent that is up in ten minutes'],
  cycling: ['I cycle to work in all weather'],
  running: ['training for a half marathon in spring'],
  climbing: ['indoor climbing twice a week'],
  yoga: ['yoga in the morning, a light white tea afterwards'],
  photography: ['I take pictures of markets and tea houses'],
  travel: ['I would like to visit a tea garden and stay a few days'],
  reading: ['quiet seats by the window are the reason I come back'],
  cooking: ['I cook for friends and collect handmade plates'],
  coffee: ['coffee first, tea after lunch'],
  gardening: ['a small balcony full of herbs'],
  ceramics: ['I am taking a pottery class and love the celadon pieces'],
  pets: ['please let dogs into the store'],
  music: ['I would come to an evening with live music']
}

export const foreignSurveyEnds = ['descriptions in English would help a lot', 'delivery has been quick and careful', 'fewer messages, please: once a month is plenty', 'the staff are patient and know their tea', 'smaller sizes to try would be nice', 'the gift boxes are beautiful, though there is too much packaging']
