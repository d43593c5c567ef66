import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import t from 'tap'
import { decoder, detectDelimiter, detectEncoding, detectHeader, type FileEncoding } from '../../src/sources/detect.ts'
import { readSample } from '../../src/sources/sample.ts'

const utf16 = (text: string, big = false) => { const bytes = Buffer.from(text, 'utf16le'); return big ? bytes.swap16() : bytes }
/** 编号,姓名,城市 and a row 1,王芳,杭州 as GB18030 has them. */
const gb18030 = Buffer.concat([Buffer.from('b1e0bac52cd0d5c3fb2cb3c7cad00a', 'hex'), Buffer.from('312ccdf5b7bc2cbabcd6dd0a', 'hex')])
const chinese = '编号,姓名,城市\n1,王芳,杭州\n'

t.test('the encoding of a file is told by its mark, by zeros, or by what fits', async (t) => {
  const cases: [string, Buffer, FileEncoding][] = [
    ['ASCII', Buffer.from('id,name\n1,Ann\n'), 'utf-8'], ['UTF-8', Buffer.from(chinese), 'utf-8'], ['UTF-8 with a mark', Buffer.from(`\ufeff${chinese}`), 'utf-8'],
    ['UTF-16 LE with a mark', utf16(`\ufeff${chinese}`), 'utf-16le'], ['UTF-16 BE with a mark', utf16(`\ufeff${chinese}`, true), 'utf-16be'],
    ['UTF-16 LE', utf16('id,name\n1,Ann\n'), 'utf-16le'], ['UTF-16 BE', utf16('id,name\n1,Ann\n', true), 'utf-16be'], ['GB18030', gb18030, 'gb18030'],
    ['a character of four bytes', Buffer.concat([gb18030, Buffer.from('322c8139ef38', 'hex')]), 'gb18030'], ['emoji', Buffer.from('id,note\n1,😀\n'), 'utf-8']
  ]
  for (const [what, bytes, expected] of cases) t.equal(detectEncoding(bytes), expected, what)
})

t.test('a sample may end inside a character', async (t) => {
  const bytes = Buffer.from(`${chinese}2,😀`)
  for (let end = bytes.length - 4; end <= bytes.length; end++) t.equal(detectEncoding(bytes.subarray(0, end)), 'utf-8', `${end} bytes`)
})

t.test('a few broken bytes do not make a UTF-8 file GB18030', async (t) => {
  t.equal(detectEncoding(Buffer.concat([Buffer.from(chinese.repeat(20)), Buffer.from([0xff, 0x0a]), Buffer.from(chinese)])), 'utf-8')
})

t.test('what is no text is refused', async (t) => {
  t.throws(() => detectEncoding(Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7919) % 256))), /not a text file/)
  t.throws(() => detectEncoding(Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500, 1)])), /not a text file/)
})

t.test('every encoding leads to the same names and cells', async (t) => {
  const mark = '\ufeff'
  const files: Buffer[] = [Buffer.from(chinese), Buffer.from(mark + chinese), utf16(mark + chinese), utf16(mark + chinese, true), gb18030]
  for (const bytes of files) {
    const sample = readSample(bytes)
    t.match(sample, { names: ['编号', '姓名', '城市'], header: true, delimiter: ',' }, sample.encoding)
    t.same(sample.rows.map((row) => row.cells), [['1', '王芳', '杭州']], sample.encoding)
    const decoded = await buffer(Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]).pipe(decoder(sample.encoding)))
    t.equal(decoded.toString().replace(mark, ''), chinese, `${sample.encoding}, as the run reads it`)
  }
})

t.test('the delimiter is the sign that cuts lines alike, quotation marks minded', async (t) => {
  const cases: [string, string][] = [
    ['a,b,c\n1,2,3\n4,5,6\n', ','], ['a;b;c\n1,5;2;3\n4;5,5;6\n', ';'], ['a\tb\tc\n1, 2\t3\t4\n', '\t'], ['a|b|c\n1|2,3|4\n', '|'],
    ['id,"likes;with;many",x\n1,"tea;golf;x",2\n2,"a;b;c",3\n', ','], ['id;note\r\n1;"a, b, c"\r\n2;"d, e"\r\n', ';'], ['"a\nb",c\n"1\n2",3\n', ','], ['only\none\n', ','], ['', ',']
  ]
  for (const [text, expected] of cases) t.equal(detectDelimiter(text), expected, JSON.stringify(text))
})

t.test('cells of any text, quoted as they must be, are cut by the delimiter they were joined with', async () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcdefg '), minLength: 1, maxLength: 6 })
  const cell = fc.oneof(name, fc.constantFrom('1,5', 'a;b', 'x|y', 'say "hi"', 'two\nlines', 'tab\there', ''))
  const quote = (text: string) => (/[,;\t|"\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const table = fc.integer({ min: 2, max: 6 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 3, maxLength: 20 }))
  fc.assert(fc.property(table, fc.constantFrom(',', ';', '\t', '|'), (rows, delimiter) => {
    // A blank line is not a row.
    const text = rows.map((row) => ['k', ...row].map(quote).join(delimiter)).join('\n')
    return detectDelimiter(text) === delimiter
  }))
})

t.test('a first row of names is a header, one of values is not', async (t) => {
  for (const first of [['id', 'name'], ['编号', '姓名'], ['column 1', 'since 2024'], ['a', '']]) t.equal(detectHeader([first, ['1', 'Ann']]), true, first.join())
  for (const first of [['1', 'Ann'], ['M1', '13812345678'], ['M1', 'a@b.com'], ['M1', '2026-01-02'], ['M1', '2026年1月2日'], ['x', 'd41d8cd98f00b204e9800998ecf8427e'], ['', ''], ['Ann', '-3.5']]) t.equal(detectHeader([first, ['2', 'Bob']]), false, first.join())
  t.equal(detectHeader([]), false)
  t.match(readSample(Buffer.from('M1,13812345678\nM2,13812345679\n')), { header: false, names: ['column 1', 'column 2'] })
})
