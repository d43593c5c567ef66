import type { Name } from './chinese-names.ts'
import type { Random } from './random.ts'

export type Culture = 'english' | 'german' | 'french' | 'spanish' | 'italian' | 'nordic' | 'slavic' | 'arabic' | 'indian' | 'japanese' | 'korean' | 'vietnamese' | 'malay' | 'hongkong' | 'uyghur' | 'tibetan' | 'mongol'

/** Names of one culture. `latin` gives the letters of an e-mail address where the name has none. */
interface Names { men: string; women: string; surnames: string; /** What stands between the two. */ order: 'given first' | 'surname first'; join: string; womenSurnames?: string }

const first = { order: 'given first', join: ' ' } as const

// "김 kim" has its Latin letters beside it.
const names: Record<Culture, Names> = {
  english: { ...first, men: 'James,Oliver,Jack,Daniel,Thomas,Samuel,Benjamin,Henry,William,Ethan,Matthew,Andrew,Michael,David,Christopher,Liam,Noah,Patrick,Simon,Marcus', women: 'Olivia,Emma,Charlotte,Amelia,Sophie,Grace,Hannah,Emily,Lucy,Alice,Rachel,Sarah,Claire,Megan,Eleanor,Abigail,Zoe,Isla,Fiona,Rebecca', surnames: "Bennett,Clarke,Hughes,Walker,Turner,Cooper,Morgan,Parker,Foster,Hayes,Murphy,O'Brien,Campbell,Stewart,Robertson,Wright,Bailey,Harrison,Whitfield,Ashworth,Nakamura-Reed,Chen,Fitzgerald,Sullivan,Brooks" },
  german: { ...first, men: 'Lukas,Jonas,Felix,Maximilian,Matthias,Jürgen,Sebastian,Florian,Andreas,Tobias', women: 'Anna,Lena,Johanna,Katharina,Sabine,Ursula,Franziska,Heike,Clara,Marlene', surnames: 'Müller,Schneider,Weber,Hoffmann,Schäfer,Krüger,Zimmermann,Köhler,von der Heide,Vogel,Böhm,Lehmann' },
  french: { ...first, men: 'Antoine,Julien,Mathieu,Étienne,François,Nicolas,Guillaume,Rémi', women: 'Camille,Chloé,Élodie,Juliette,Manon,Amélie,Hélène,Océane', surnames: 'Dubois,Lefèvre,Moreau,Girard,Fournier,Lambert,Rousseau,Delacroix,Marchand,de Villiers' },
  spanish: { ...first, men: 'Alejandro,Javier,Diego,Carlos,Andrés,Mateo,Joaquín,Rafael', women: 'Lucía,María José,Carmen,Paula,Valentina,Sofía,Inés,Beatriz', surnames: 'García López,Martínez Ruiz,Fernández,Hernández,Sánchez Vega,Navarro,Romero,Peña,Castillo,da Silva' },
  italian: { ...first, men: 'Lorenzo,Matteo,Giovanni,Alessandro,Davide,Pietro', women: 'Giulia,Chiara,Francesca,Martina,Elisa,Bianca', surnames: "Rossi,Ferrari,Bianchi,Romano,Gallo,Conti,De Luca,D'Angelo,Rinaldi" },
  nordic: { ...first, men: 'Erik,Lars,Magnus,Søren,Mikkel,Johan,Aleksi,Bjørn', women: 'Astrid,Ingrid,Freja,Linnéa,Sofie,Åsa,Aino,Sigrid', surnames: 'Andersson,Lindqvist,Nielsen,Johansen,Bergström,Virtanen,Kjær,Håkansson,Solberg' },
  slavic: { ...first, men: 'Дмитрий dmitry,Алексей alexey,Иван ivan,Сергей sergey,Николай nikolay', women: 'Анна anna,Елена elena,Ольга olga,Мария maria,Татьяна tatiana', surnames: 'Смирнов smirnov,Кузнецов kuznetsov,Попов popov,Волков volkov,Соколов sokolov', womenSurnames: 'Смирнова smirnova,Кузнецова kuznetsova,Попова popova,Волкова volkova,Соколова sokolova' },
  arabic: { ...first, men: 'Omar,Yusuf,Khalid,Hassan,Tariq,Ibrahim,Karim', women: 'Fatima,Layla,Aisha,Noor,Mariam,Yasmin,Salma', surnames: 'Al-Zahra,Al-Farsi,Haddad,Mansour,Khoury,Abdulrahman,El-Sayed,Nasser' },
  indian: { ...first, men: 'Arjun,Rohan,Vikram,Rahul,Aditya,Sanjay,Karthik', women: 'Priya,Ananya,Kavya,Meera,Divya,Neha,Lakshmi', surnames: 'Sharma,Patel,Iyer,Reddy,Kapoor,Nair,Chatterjee,Gupta,Venkataraman' },
  japanese: { order: 'surname first', join: ' ', men: '健太 kenta,大輔 daisuke,翔太 shota,直樹 naoki,拓也 takuya,誠 makoto', women: '美咲 misaki,陽子 yoko,さくら sakura,優子 yuko,愛 ai,真由美 mayumi', surnames: '佐藤 sato,鈴木 suzuki,高橋 takahashi,田中 tanaka,渡辺 watanabe,伊藤 ito,中村 nakamura,小林 kobayashi' },
  korean: { order: 'surname first', join: '', men: '민준 minjun,서준 seojun,지훈 jihoon,현우 hyunwoo,동현 donghyun', women: '서연 seoyeon,지우 jiwoo,민지 minji,수빈 subin,하은 haeun', surnames: '김 kim,이 lee,박 park,최 choi,정 jung,강 kang,윤 yoon' },
  vietnamese: { order: 'surname first', join: ' ', men: 'Minh Tuấn,Quang Huy,Đức Anh,Văn Hùng,Hoàng Long', women: 'Thị Minh Khai,Thu Hà,Ngọc Anh,Thị Lan Hương,Bảo Trâm', surnames: 'Nguyễn,Trần,Lê,Phạm,Hoàng,Vũ,Đặng' },
  malay: { ...first, men: 'Ahmad Faisal,Mohd Hafiz,Amirul,Zulkifli,Daniel Hakim', women: 'Nur Aisyah,Siti Nurhaliza,Farah,Nadia,Puteri Balqis', surnames: 'bin Abdullah,bin Ismail,bin Rahman', womenSurnames: 'binti Abdullah,binti Ismail,binti Rahman' },
  hongkong: { order: 'surname first', join: '', men: '家豪 kaho,志明 chiming,子軒 tszhin,俊傑 chunkit,偉文 waiman,浩然 hoyin,國榮 kwokwing', women: '嘉欣 kayan,詠詩 wingsze,美玲 meiling,淑儀 sukyee,曉彤 hiutung,穎琳 winglam,慧敏 waiman', surnames: '陳 chan,黃 wong,李 lee,梁 leung,林 lam,張 cheung,何 ho,劉 lau,吳 ng,鄭 cheng,葉 yip,周 chow,歐陽 auyeung' },
  uyghur: { ...first, join: '·', men: '买买提 memet,艾力 eli,吐尔逊 tursun,阿迪力 adil,库尔班 qurban,木拉提 murat', women: '古丽娜尔 gulnar,阿依努尔 aynur,迪丽拜尔 dilber,热依汗 reyhan,麦迪娜 medina', surnames: '艾合买提江 exmetjan,阿不都热依木 abdurehim,阿卜力孜 abliz,依明 imin,阿布都拉 abdulla' },
  tibetan: { ...first, join: '', men: '扎西 tashi,丹增 tenzin,洛桑 lobsang,次仁 tsering,多吉 dorje', women: '卓玛 drolma,央金 yangchen,拉姆 lhamo,德吉 dekyi,白玛 pema', surnames: '顿珠 dondrup,平措 phuntsok,旺堆 wangdu,次旦 tseten,曲珍 choedron' },
  mongol: { ...first, join: '', men: '巴特尔 bater,苏和 suhe,布日古德 burgud,朝鲁 chuluu,那日苏 narsu', women: '其其格 chichige,萨仁 saren,乌云 wuyun,斯琴 siqin,娜仁 naren', surnames: ' ' }
}

export function otherName(random: Random, culture: Culture, male: boolean): Name {
  const list = names[culture]
  const [given, latinGiven] = draw(random, male ? list.men : list.women)
  const [surname, latinSurname] = draw(random, (male ? undefined : list.womenSurnames) ?? list.surnames)
  const full = list.order === 'given first' ? `${given}${list.join}${surname}`.trim() : `${surname}${list.join}${given}`
  return { full, surname, given, latinGiven, latinSurname }
}

function draw(random: Random, list: string): [string, string] {
  const entry = random.pick(list.split(','))
  const latin = /^(\S+) ([a-z]+)$/.exec(entry)
  return latin ? [latin[1] as string, latin[2] as string] : [entry.trim(), plain(entry)]
}

function plain(text: string): string {
  return text.normalize('NFD').toLowerCase().replaceAll('đ', 'd').replaceAll('ø', 'o').replaceAll('æ', 'ae').replaceAll(/[^a-z]/g, '')
}
