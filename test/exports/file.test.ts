import t from 'tap'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { seed } from '../seed.ts'
import { columnIds, makeWorld, md5, sha256 } from '../users/world.ts'
import { everything, exported } from './world.ts'

t.test('an administrator exports everything that is known, under names that say what it is', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const item = everything((await world.as({ url: '/users/exports' })).body)
  const file = await exported(world, world.as, { item })
  t.same(file.names, [
    'User ID', 'Created', 'Source', 'Name', 'Gender', 'Age', 'Birthday', 'City', 'Province', 'Member level', 'Registration time', 'Associated channel',
    'ONEID(UNENCRYPTED)', 'MOBILE(UNENCRYPTED)', 'MOBILE(MD5)', 'UNION_ID(UNENCRYPTED)', 'EMAIL(SHA256)', 'Likes', 'Lifetime value', 'Updated', 'Language', 'Note'
  ])
  t.same(file.rows.map((row) => row['User ID']), ['1', '2', '3', '4', '7'], 'in the order of user IDs, joined rows as one user')
  t.match(file.rows[0], {
    'Name': 'Xiaomin', 'City': '杭州市', 'Source': 'Shop members', 'ONEID(UNENCRYPTED)': 'M1', 'UNION_ID(UNENCRYPTED)': 'U1', 'MOBILE(UNENCRYPTED)': '13812345678', 'MOBILE(MD5)': md5('13812345678'), 'EMAIL(SHA256)': '',
    'Likes': 'tea|hiking', 'Lifetime value': '12480.00', 'Updated': '2026-01-05T10:00:00+08:00', 'Language': '中文'
  }, 'numbers as they are kept, times with their zone, several values with their own delimiter')
  t.match(file.rows[1], { 'EMAIL(SHA256)': sha256('o@example.com') })
  t.match(file.rows[3], { 'Name': '<b>x</b>', 'Lifetime value': '-3.5', 'Member level': '' }, 'a number is no formula')
  t.match(file.rows[0]!['Created'], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
  t.ok(file.text.startsWith('\ufeffUser ID,Created,'), 'a byte order mark, so that spreadsheets read UTF-8')
  t.equal(file.text.split('\r\n').length, file.rows.length + 2)
  t.notMatch(file.text.replaceAll('\r\n', ''), /[\r\n]/, 'every row ends with CR LF')

  const few = await exported(world, world.as, { item: ['user_id', 'attribute:city'], in: `/users?where=${encodeURIComponent('[["attribute:city","is","Berlin"]]')}&sort=attribute:city`, bom: '', guard: '' })
  t.same(few.rows, [{ 'User ID': '2', 'City': 'Berlin' }, { 'User ID': '4', 'City': 'berlin' }], 'a query narrows it to its result')
  t.ok(few.text.startsWith('User ID,City\r\n'), 'without the mark where it is switched off')
})

t.test('a role exports what it sees, masked where it is masked, and nobody whom it does not find', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const columns = await columnIds(world)
  const id = (name: string) => columns[name]!
  const role = await makeRole(world, {
    permissions: ['user_360.view', 'user_360.export'], attributes: { name: 'masked', city: 'full' },
    sources: { 1: { columns: { [id('1.mobile')]: 'masked', [id('1.likes')]: 'full', [id('1.value')]: 'masked' } } }
  })
  const { as } = await signInWith(world, role)
  const item = everything((await as({ url: '/users/exports' })).body)
  t.same(item, ['user_id', 'created', 'source', 'attribute:name', 'attribute:city', `id:${id('1.mobile')}`, `tag:${id('1.likes')}`, `tag:${id('1.value')}`], 'only what is granted is offered')
  const file = await exported(world, as, { item })
  t.same(file.names, ['User ID', 'Created', 'Source', 'Name', 'City', 'MOBILE(MASKED)', 'Likes', 'Lifetime value'])
  t.same(file.rows.map((row) => row['User ID']), ['1', '2', '3', '4'], 'who has rows only in a hidden source is not there')
  t.match(file.rows[0], { 'MOBILE(MASKED)': '138****5678', 'Name': 'X***', 'Lifetime value': '***', 'Likes': 'tea|hiking', 'City': '杭州市' })
  t.notMatch(file.text, new RegExp(`13812345678|${md5('13812345678')}|Xiaomin|12480`))

  const asked = { item: ['user_id', `id:${id('2.phone_md5')}`, `tag:${id('2.note')}`, 'attribute:gender'] }
  const hidden = await exported(world, as, asked)
  const unknown = await exported(world, as, { item: ['user_id', 'id:999999', 'tag:999998', 'attribute:nothing'] })
  t.equal(hidden.text, unknown.text, 'a hidden column is answered like one that was never there')
  t.same(hidden.names, ['User ID'])
  const by = async (ref: string) => (await as({ method: 'POST', url: '/users/exports', form: { in: `/users?where=${encodeURIComponent(JSON.stringify([[ref, 'is', 'x']]))}`, act: 'export', item: 'user_id' } }))
  const answers = await Promise.all(['attribute:name', 'attribute:gender', 'attribute:nothing', `tag:${id('2.note')}`, 'tag:999999'].map(by))
  t.same(answers.map(({ statusCode }) => statusCode), [422, 422, 422, 422, 422])
  const bare = answers.map(({ body }) => body.replaceAll(/value="[^"]*"|x-csrf-token":"[^"]*|request [\w-]+|<code>[^<]*<\/code>/g, ''))
  t.equal(new Set(bare).size, 1, 'a query by a masked, a hidden and an unknown field alike')
})

t.test('a row condition counts a failing row as absent, in values, IDs and users', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const columns = await columnIds(world)
  const role = await makeRole(world, {
    permissions: ['user_360.export'], otherAttributes: 'full',
    sources: { 1: { otherwise: 'full', rowCondition: { field: `attribute:city`, operator: 'is', values: ['Berlin'] } }, 2: { otherwise: 'full', rowCondition: { field: `tag:${columns['2.lang']}`, operator: 'is', values: ['中文'] } } }
  })
  const { as } = await signInWith(world, role)
  const file = await exported(world, as, { item: everything((await as({ url: '/users/exports' })).body) })
  t.same(file.rows.map((row) => [row['User ID'], row['MOBILE(UNENCRYPTED)'], row['MOBILE(MD5)'], row['Likes'], row['Language'], row['Source']]), [
    ['1', '', md5('13812345678'), '', '中文', 'another source'], ['2', '13900000002', '', 'tea', '', 'Shop members'], ['4', '13900000004', '', 'coffee', '', 'Shop members']
  ])
})

t.test('cells that a spreadsheet would run are guarded, and nothing else is', async (t) => {
  const world = await build(t)
  const cells = ['=1+1', '+cmd', '-x', '@sum', '\tTab', '-5', '+3.5', '-1,250.75', '1e-5', '+86 138-1234 5678', '+86(138)', '-2-3', '＝1', 'a=b', '"quoted", with comma', 'two\nlines', 'cr\r\nlf', "'apostrophe", '+', '-']
  await seed(world, {
    alias: '=Shop', key: { column: 'no', idType: 'ONEID' }, columns: [
      { name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'note', kind: 'tag', type: 'text', tagName: '=Note' },
      { name: 'many', kind: 'tag', type: 'multi', delimiter: '|', tagName: 'Many' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }
    ]
  }, ['no,phone,note,many,name', ...cells.map((cell, n) => `K${n},+86138000000${String(n).padStart(2, '0')},"${cell.replaceAll('"', '""')}",${n === 0 ? '=a|b' : 'a|=b'},"${cell.replaceAll('"', '""')}"`)].join('\n'))
  const item = everything((await world.as({ url: '/users/exports' })).body)
  const raw = await exported(world, world.as, { item, guard: '' })
  const file = await exported(world, world.as, { item })
  const dangerous = new Set(['=1+1', '+cmd', '-x', '@sum', '\tTab', '-2-3', '＝1', '+', '-'])
  t.equal(raw.rows.length, cells.length)
  for (const [n, row] of raw.rows.entries()) {
    const note = row['=Note']!
    t.equal(file.rows[n]!["'=Note"], dangerous.has(note) ? `'${note}` : note, JSON.stringify(note))
    t.equal(file.rows[n]!['Name'], dangerous.has(note) ? `'${note}` : note)
  }
  t.ok([...dangerous].filter((cell) => cell !== '\tTab').every((cell) => raw.rows.some((row) => row['=Note'] === cell)), 'each of them came in')
  t.same([file.rows[0]!['Many'], file.rows[1]!['Many'], file.rows[0]!['Source']], ["'=a|b", 'a|=b', "'=Shop"], 'a cell as a whole is guarded')
  t.match(file.rows[0]!['MOBILE(UNENCRYPTED)'], /^\+?86138/, 'a phone number is left alone')
  t.ok(raw.rows.some((row) => row['=Note']!.includes('two\nlines')), 'a line within a cell stays as it is')
})

t.test('several values of an ID are in one cell, and tags of one name carry their source', async (t) => {
  const world = await build(t)
  const structure = (alias: string) => ({ alias, key: { column: 'mail', idType: 'EMAIL' }, columns: [{ name: 'mail', kind: 'id' as const, type: 'text' as const, idType: 'EMAIL' }, { name: 'phone', kind: 'id' as const, type: 'text' as const, idType: 'MOBILE' }, { name: 'second', kind: 'id' as const, type: 'text' as const, idType: 'MOBILE' }, { name: 'likes', kind: 'tag' as const, type: 'text' as const, tagName: 'Likes' }] })
  await seed(world, structure('A'), 'mail,phone,second,likes\na@x.com,13900000009,13900000001,tea\nb@x.com,13900000003,,golf')
  await seed(world, structure('B'), 'mail,phone,second,likes\na@x.com,13900000005,13900000001,chess\nc@x.com,,,\nb@x.com,13900000003,13900000003,')
  const item = everything((await world.as({ url: '/users/exports' })).body).filter((ref) => /^(user_id|id:|tag:)/.test(ref))
  const file = await exported(world, world.as, { item })
  t.same(file.names.slice(-2), ['Likes (A)', 'Likes (B)'])
  t.same(file.rows.map((row) => [row['EMAIL(UNENCRYPTED)'], row['MOBILE(UNENCRYPTED)'], row['Likes (A)'], row['Likes (B)']]), [
    ['a@x.com', '13900000001;13900000005;13900000009', 'tea', 'chess'], ['b@x.com', '13900000003', 'golf', ''], ['c@x.com', '', '', '']
  ], 'distinct ones, in order')
  const one = await exported(world, world.as, { item: item.filter((ref, n) => ref.startsWith('tag:') && n === item.length - 1) })
  t.same(one.names, ['Likes'], 'alone it has its own name')
})
