import { createHash } from 'node:crypto'
import t from 'tap'
import { encryptAes } from '../../src/identities/aes.ts'
import { detectFormats } from '../../src/sources/detect-formats.ts'
import { proposeColumns, proposeKey, proposeUpdateTime, type ProposedColumn } from '../../src/sources/propose.ts'

const context = {
  idTypes: [{ code: 'ONEID', name: 'OneID' }, { code: 'MOBILE', name: 'Mobile' }, { code: 'EMAIL', name: 'E-mail' }, { code: 'UNION_ID', name: 'UnionID' }, { code: 'IDFA', name: 'IDFA', enabled: false }],
  attributes: [{ code: 'name', name: 'Name', type: 'text' }, { code: 'member_level', name: 'Member level', type: 'text' }, { code: 'birthday', name: 'Birthday', type: 'date' }, { code: 'age', name: 'Age', type: 'number' }]
}
const sampleOf = (columns: Record<string, readonly string[]>) => ({ names: Object.keys(columns), rows: Object.values(columns)[0]!.map((_, row) => ({ line: row + 2, cells: Object.values(columns).map((cells) => cells[row] ?? '') })) })
const propose = (name: string, cells: readonly string[], over: Partial<typeof context> = {}): ProposedColumn => proposeColumns(sampleOf({ [name]: cells }), { ...context, ...over })[0]!
const times = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, index) => make(index))
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const mobiles = times(10, (index) => `138123456${10 + index}`)

t.test('IDs are known by their name or by their values, with their encryption', async (t) => {
  const ids: [string, readonly string[], string, string][] = [
    ['mobile', mobiles, 'MOBILE', 'unencrypted'], ['Mobile Phone', mobiles, 'MOBILE', 'unencrypted'], ['手机号', mobiles, 'MOBILE', 'unencrypted'], ['contact', mobiles, 'MOBILE', 'unencrypted'], ['contact', [...mobiles, ''], 'MOBILE', 'unencrypted'],
    ['contact', mobiles.map((one) => `+86${one}`), 'MOBILE', 'unencrypted'], ['mobile_md5', mobiles.map(md5), 'MOBILE', 'md5'], ['mobile', mobiles.map((one) => md5(one).toUpperCase()), 'MOBILE', 'md5'],
    ['phone', mobiles.map(sha256), 'MOBILE', 'sha256'], ['mobile_aes', mobiles.map((one) => encryptAes('0123456789ABCDEF', one)), 'MOBILE', 'aes'], ['mobile_aes', mobiles.map((one) => encryptAes('0123456789ABCDEF', one, 'base64')), 'MOBILE', 'aes'],
    ['e_mail', ['a@b.com'], 'EMAIL', 'unencrypted'], ['contact', ['a@b.com', 'c@d.org'], 'EMAIL', 'unencrypted'], ['EMAIL', [], 'EMAIL', 'unencrypted'], ['union-id', ['oX1'], 'UNION_ID', 'unencrypted'], ['OneID', ['M1'], 'ONEID', 'unencrypted'], ['oneid', ['000123', '000124'], 'ONEID', 'unencrypted']
  ]
  for (const [name, cells, idType, encryption] of ids) t.match(propose(name, cells), { kind: 'id', idType, encryption, type: 'text' }, `${name}: ${cells[0]}`)
  t.equal(propose('IDFA', ['x1']).kind, 'tag', 'a type that is switched off is none')
  t.match(propose('token', mobiles.map(md5)), { kind: 'tag', type: 'text' }, 'a hash of an unknown thing')
})

t.test('an attribute is known by its code or its display name', async (t) => {
  for (const [name, attribute, type] of [['name', 'name', 'text'], ['Member Level', 'member_level', 'text'], ['member_level', 'member_level', 'text'], ['MEMBERLEVEL', 'member_level', 'text'], ['birthday', 'birthday', 'date'], ['Age', 'age', 'number']] as const) t.match(propose(name, ['1']), { kind: 'attribute', attribute, type }, name)
  t.equal(propose('surname', ['Li']).kind, 'tag')
})

t.test('a source has one column for each ID type and encryption, and for each attribute; a second one is a tag', async (t) => {
  const found = proposeColumns(sampleOf({ mobile: mobiles, phone: mobiles, mobile_md5: mobiles.map(md5), name: times(10, () => 'Li'), Name: times(10, () => 'Wang') }), context)
  t.same(found.map((column) => column.kind), ['id', 'tag', 'id', 'attribute', 'tag'])
  t.equal(found[1]!.type, 'text', 'a mobile number is no number')
})

t.test('tags have the type that their values have', async (t) => {
  const cases: [string, readonly string[], object][] = [
    ['points', ['1', '-2', '3.5'], { type: 'number', format: '.' }], ['points', ['1.234,50', '2,5'], { type: 'number', format: ',' }], ['points', ['1,234.50', '12,000'], { type: 'number', format: '.' }],
    ['seen', ['2026-01-02', '2026/1/2 10:00'], { type: 'time', format: 'YMD' }], ['seen', ['2026年1月2日'], { type: 'time', format: 'YMD' }], ['date_no_time', ['2026-01-02'], { type: 'time' }], ['No', ['2026-01-02', '2026-01-03'], { type: 'time' }], ['seen', ['20260102', '20260203'], { type: 'time', format: 'YMD' }],
    ['seen', ['25/06/2024', '03/04/2024'], { type: 'time', format: 'DMY', ambiguous: false }], ['seen', ['06/25/2024', '03/04/2024'], { type: 'time', format: 'MDY', ambiguous: false }], ['seen', ['03/04/2024', '05/06/2024'], { type: 'time', format: null, ambiguous: true }],
    ['likes', ['tea|golf', 'tea', 'golf|tea', 'golf'], { type: 'multi', delimiter: '|' }], ['likes', ['tea;golf', 'golf;tea', 'tea'], { type: 'multi', delimiter: ';' }], ['likes', ['茶、书', '书、茶', '茶'], { type: 'multi', delimiter: '、' }], ['likes', ['tea, golf', 'golf, tea', 'tea'], { type: 'multi', delimiter: ',' }],
    ['note', ['One, two and three', 'Nothing, really', 'x'], { type: 'text' }], ['note', [], { type: 'text' }], ['note', ['', ' '], { type: 'text' }], ['note', ['tea', 'golf'], { type: 'text' }]
  ]
  for (const [name, cells, expected] of cases) t.match(propose(name, cells), { kind: 'tag', tagName: name, ...expected }, `${cells.join(' / ')}`)
})

t.test('a few cells that do not read do not change what a column is', async (t) => {
  const numbers = times(95, (index) => String(index * 7.5))
  t.match(propose('points', [...numbers, ...times(5, () => 'n/a')]), { type: 'number', format: '.' })
  t.match(propose('points', [...numbers, ...times(50, () => ''), ...times(5, () => 'unknown')]), { type: 'number' }, 'empty cells do not count')
  t.match(propose('points', [...numbers, ...times(6, () => 'n/a')]), { type: 'text' }, 'more than one in twenty do not read')
  t.match(propose('points', [...numbers.slice(0, 19), 'n/a']), { type: 'number' })
  t.match(propose('points', ['1', '2', '3', 'n/a']), { type: 'text' }, 'of so few every one must')
  t.match(propose('points', [...times(90, (index) => `${index},5`), '1.000,25', 'n/a']), { type: 'number', format: ',' }, 'the sign with which more cells read')
  t.match(propose('seen', [...times(60, (index) => `2026-01-${String(1 + (index % 28)).padStart(2, '0')}`), '2024-02-30', 'never']), { type: 'time', format: 'YMD', ambiguous: false })
  t.match(propose('seen', [...times(60, (index) => `${13 + (index % 15)}/06/2024`), '31/02/2024', 'never']), { type: 'time', format: 'DMY', ambiguous: false })
  t.match(propose('seen', [...times(60, (index) => `0${1 + (index % 9)}/06/2024`), 'never']), { type: 'time', format: null, ambiguous: true }, 'the order is still to be chosen')
  t.match(propose('seen', [...times(60, (index) => `0${1 + (index % 9)}/06/2024`), '25/06/2024', '06/25/2024']), { type: 'time', format: null, ambiguous: true }, 'cells that contradict each other do not tell the order')
})

t.test('what names something is text, though it is made of digits', async (t) => {
  const codes: [string, readonly string[]][] = [
    ['ref', ['007', '12', '13']], ['ref', times(30, (index) => `${index === 7 ? '0042' : 1000 + index}`)], ['card', times(5, (index) => `622202100011223344${index}`)], ['ref', times(5, (index) => `20261124000${index}`)], ['barcode', times(5, (index) => `690123456789${index}`)],
    ['member_no', ['10001', '10002', '10003']], ['order_no', ['20260102', '20260103']], ['orderId', ['1', '2', '3']], ['Postal code', ['80331', '10115']], ['编号', ['10001', '10002']], ['会员号', ['10001', '10002']], ['home phone', ['4155552671', '4155552672']], ['fax', ['+4930123456', '+4930123457']], ['ref', ['+4930123456', '+4930123457']],
    ['ref', [...times(98, (index) => String(1000 + index)), '1077X', 'B-12']]
  ]
  for (const [name, cells] of codes) t.match(propose(name, cells), { kind: 'tag', type: 'text' }, `${name}: ${cells[0]}`)
  t.match(propose('call me', mobiles, { idTypes: [] }), { kind: 'tag', type: 'text' }, 'mobile numbers, though no ID type takes them')
  for (const [name, cells] of [['paid', ['1', '2']], ['visits', ['10001', '10002']], ['revenue', ['12345678901.5', '2']], ['points', ['0', '0', '15']], ['share', ['0.5', '0.25']], ['balance', ['+5', '-3']]] as const) t.equal(propose(name, cells).type, 'number', name)
})

t.test('the proposal and the page agree on the order of dates and the decimal sign', async (t) => {
  for (const cells of [['25/06/2024', '03/04/2024'], ['1.234,50', '2,5'], ['03/04/2024', '05/06/2024'], [...times(60, (index) => `${13 + (index % 15)}/06/2024`), 'never'], [...times(40, (index) => `${index},5`), 'n/a'], [...times(60, (index) => `0${1 + (index % 9)}/06/2024`), '25/06/2024', '06/25/2024']]) {
    const { ambiguous, ...proposed } = propose('x', cells)
    const detected = detectFormats([{ ...proposed, format: null }], sampleOf({ x: cells }))
    t.same([detected.columns[0]!.format, detected.ambiguous.has('x')], [proposed.format, ambiguous], cells.join().slice(0, 60))
  }
})

t.test('the key is a column that names rows, the update time one whose name says so', async (t) => {
  const sample = sampleOf({ name: ['Ann', 'Bob'], seen: ['1', '2'], member_no: ['M1', 'M2'] })
  t.equal(proposeKey(sample), 'member_no')
  t.equal(proposeKey(sampleOf({ member_no: ['M1', 'M1'] })), undefined)
  t.equal(proposeKey(sampleOf({ member_no: ['M1', ''] })), undefined)
  const columns = proposeColumns(sampleOf({ created: ['2026-01-02'], updated_at: ['2026-01-03'], modified: ['x'] }), context)
  t.equal(proposeUpdateTime(columns), 'updated_at')
})
