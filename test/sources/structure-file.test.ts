import t from 'tap'
import type { ColumnSpec } from '../../src/catalog/column.ts'
import { completeStructure, parseStructureFile, StructureFileProblems } from '../../src/sources/structure-file.ts'
import { checkStructure, type StructureContext } from '../../src/sources/structure.ts'

const attributes = [{ code: 'city', name: 'City', type: 'text' as const }, { code: 'birthday', name: 'Birthday', type: 'date' as const }]
const idTypes = [{ code: 'ONEID', name: 'OneID', enabled: true }, { code: 'EMAIL', name: 'E-mail', enabled: true }, { code: 'UMENG_ID', name: 'Umeng ID', enabled: false }]
const context: StructureContext = { idTypes, attributes, hasAesKey: false, ambiguous: new Set() }
const proposed: ColumnSpec[] = [
  { name: 'member_no', kind: 'tag', type: 'text', tagName: 'Member no' }, { name: 'email', kind: 'id', type: 'text', idType: 'EMAIL', encryption: 'unencrypted' },
  { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'likes', kind: 'tag', type: 'multi', delimiter: ';', tagName: 'Likes' }, { name: 'x', kind: 'tag', type: 'text', tagName: 'X' }, { name: 'since', kind: 'tag', type: 'time', format: 'YMD', tagName: 'Since' }
]

const example = `{"alias": "Shop members", "key": {"column": "member_no", "idType": "ONEID"}, "updateTime": "since", "columns": [
  {"column": "email", "kind": "id", "idType": "EMAIL", "encryption": "unencrypted"}, {"column": "city", "kind": "attribute", "attribute": "city"},
  {"column": "likes", "kind": "tag", "type": "multi", "delimiter": "|", "name": "Likes", "group": ["Interests"]}, {"column": "x", "kind": "ignore"}]}`

t.test('the structure file of the documentation becomes a structure; what it leaves out is proposed', async (t) => {
  const structure = completeStructure(parseStructureFile(example), 'Shop members', proposed, attributes)
  t.match(structure, { alias: 'Shop members', keyColumn: 'member_no', keyIdType: 'ONEID', updateTimeColumn: 'since' })
  t.match(structure.columns.find((column) => column.name === 'member_no'), { kind: 'id', idType: 'ONEID', encryption: 'unencrypted' }, 'a key with an ID type is an ID')
  t.match(structure.columns.find((column) => column.name === 'likes'), { type: 'multi', delimiter: '|', group: ['Interests'], tagName: 'Likes' })
  t.match(structure.columns.find((column) => column.name === 'since'), { kind: 'tag', type: 'time', tagName: 'Since' }, 'not named, so as proposed')
  t.equal(structure.columns.find((column) => column.name === 'x')?.kind, 'ignore')
  t.same(checkStructure(structure, context), [])
})

t.test('every mistake of a structure file is told at once, with its place', async (t) => {
  const problems = (text: string) => { try { parseStructureFile(text); return [] } catch (error) { return error instanceof StructureFileProblems ? error.problems : [String(error)] } }
  t.match(problems('{')[0], /not JSON/)
  t.match(problems('[]')[0], /one object/)
  t.match(problems('{"key": {"column": "a"}, "colums": []}')[0], /“colums” is not known.*columns/)
  const many = problems('{"columns": [{"column": "a"}, {"column": "b", "kind": "label"}, {"kind": "tag"}, {"column": "c", "kind": "id"}, {"column": "d", "kind": "tag", "group": [1]}, 7]}')
  t.match(many.join('\n'), /"key" must be an object/)
  t.match(many.join('\n'), /columns\[0\] \(a\): "kind" is missing/)
  t.match(many.join('\n'), /columns\[1\] \(b\): "kind" must be one of id, attribute, tag, ignore, not "label"/)
  t.match(many.join('\n'), /columns\[2\]: "column" must name/)
  t.match(many.join('\n'), /columns\[3\] \(c\): "idType" is missing/)
  t.match(many.join('\n'), /columns\[4\] \(d\): "group" must be a list of texts/)
  t.match(many.join('\n'), /columns\[5\] must be an object/)
})

t.test('a structure file that does not fit the file says what the file has', async (t) => {
  const file = parseStructureFile('{"key": {"column": "nr"}, "columns": [{"column": "colour", "kind": "tag"}]}')
  t.throws(() => completeStructure(file, 'S', proposed, attributes), /“nr”.*The file has: member_no, email/s)
  t.throws(() => completeStructure(parseStructureFile('{"alias": "A", "key": {"column": "email"}}'), 'B', proposed, attributes), /for the source “A”, not for “B”/)
  t.throws(() => completeStructure(parseStructureFile('{"key": {"column": "email", "idType": "ONEID"}, "columns": [{"column": "email", "kind": "id", "idType": "EMAIL"}]}'), 'B', proposed, attributes), /the ID type is ONEID/)
})

t.test('a structure is judged as a whole', async (t) => {
  const structure = (columns: ColumnSpec[], rest = {}) => ({ alias: 'S', keyColumn: columns[0]?.name ?? '', keyIdType: null, updateTimeColumn: null, columns, ...rest })
  const said = (columns: ColumnSpec[], rest = {}, over: Partial<StructureContext> = {}) => checkStructure(structure(columns, rest), { ...context, ...over }).map((problem) => `${problem.column ?? ''} ${problem.field}: ${problem.message}`).join('\n')
  const email = (name: string, encryption: 'unencrypted' | 'md5' | 'aes' = 'unencrypted'): ColumnSpec => ({ name, kind: 'id', type: 'text', idType: 'EMAIL', encryption })
  t.match(said([email('a'), email('b')]), /b as: “a” has this ID type and encryption already/)
  t.equal(said([email('a'), email('b', 'md5')]), '', 'another encryption is another column')
  t.match(said([email('a', 'aes')]), /No AES key is set/)
  t.equal(said([email('a', 'aes')], {}, { hasAesKey: true }), '')
  t.match(said([{ name: 'a', kind: 'id', type: 'text', idType: 'UMENG_ID', encryption: 'unencrypted' }]), /switched off/)
  t.match(said([{ name: 'a', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'b', kind: 'attribute', type: 'text', attribute: 'city' }]), /b as: “a” feeds this attribute already/)
  t.match(said([{ name: 'a', kind: 'tag', type: 'multi', tagName: 'A' }]), /a delimiter: Type what separates/)
  t.match(said([{ name: 'a', kind: 'tag', type: 'text', tagName: ' ' }]), /a tagName: Give the tag a name/)
  t.match(said([{ name: 'a', kind: 'tag', type: 'text', tagName: 'A', group: ['1', '2', '3', '4'] }]), /at most 3 levels/)
  t.match(said([{ name: 'a', kind: 'tag', type: 'time', tagName: 'A' }], {}, { ambiguous: new Set(['a']) }), /a format: Choose the order/)
  t.match(said([{ name: 'a', kind: 'tag', type: 'time', tagName: 'A', format: 'DMY', timeZone: 'Mars/One' }]), /not a time zone/)
  t.match(said([{ name: 'a', kind: 'tag', type: 'text', tagName: 'A' }], { keyColumn: '' }), / key: Choose the column that names a row/)
  t.match(said([{ name: 'a', kind: 'tag', type: 'text', tagName: 'A' }], { updateTimeColumn: 'a' }), /not read as a time/)
  t.match(said([{ name: 'a', kind: 'tag', type: 'text', tagName: 'A' }], { alias: ' ' }), /alias: Give the source a name/)
  const many = Array.from({ length: 405 }, (_, index): ColumnSpec => ({ name: `c${index}`, kind: 'tag', type: 'text', tagName: `C${index}` }))
  t.match(said(many), /400 imported columns; here are 405. Set 5 of them to Ignore/)
})
