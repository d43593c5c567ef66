import t from 'tap'
import { Access } from '../../src/access/access.ts'
import type { Grants } from '../../src/access/grants.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { readSnapshot } from '../../src/db/snapshot.ts'
import { encryptAes } from '../../src/identities/aes.ts'
import { decryptIds } from '../../src/pushes/decrypt.ts'
import { problemsOfNames, pushableFields, pushableTypes, shapeOf, type Change } from '../../src/pushes/document.ts'
import type { PushContent } from '../../src/pushes/push.ts'
import { listDocuments } from '../../src/pushes/queries/documents.ts'
import { openTestDatabase, type TestDatabase } from '../helper.ts'
import { seed } from '../seed.ts'
import { columnIds, makeWorld, md5, sha256 } from '../users/world.ts'

const everybody = ['1', '2', '3', '4', '7', '99']

async function documentsFor({ db }: TestDatabase, access: Access, content: Pick<PushContent, 'idTypes' | 'fields'>, change: Change = 'member', userIds = everybody) {
  const shape = shapeOf(access, { ...content, id: 5, audienceId: 7 })
  const rendered = await readSnapshot(db, (snapshot) => listDocuments(snapshot, access, 'Asia/Shanghai', shape, change, userIds))
  return { gone: shape.gone, rendered, texts: rendered.map(({ before, ids, after }) => before + ids + after) }
}

t.test('a document holds the IDs of a user by type with their encryption, and fields in canonical JSON', async (t) => {
  const database = await openTestDatabase(t)
  await makeWorld(database)
  const columns = await columnIds(database)
  const access = Access.full(await getCatalog(database.db))
  const fields = [
    { ref: 'attribute:name', name: 'Name' }, { ref: `tag:${columns['1.value']}`, name: 'lifetime "value"' }, { ref: `tag:${columns['1.likes']}`, name: 'likes' }, { ref: `tag:${columns['1.updated']}`, name: 'updated' }, { ref: 'tag:4711', name: 'gone' }
  ]
  const { texts, rendered, gone } = await documentsFor(database, access, { idTypes: ['MOBILE', 'EMAIL'], fields })
  t.equal(gone, 1)
  t.equal(texts[0], `{"schemaVersion":1,"pushId":5,"audienceId":7,"userId":"1","change":"member","ids":[{"type":"MOBILE","value":"13812345678","encryption":"unencrypted"},{"type":"MOBILE","value":"${md5('13812345678')}","encryption":"md5"}],"fields":{"Name":"Xiaomin","lifetime \\"value\\"":12480,"likes":["tea","hiking"],"updated":"2026-01-05T10:00:00+08:00"}}`)
  t.same(texts.map((text) => (JSON.parse(text) as { userId: string }).userId), ['1', '2', '3', '4', '7'], 'in the order of user IDs, and nobody who is not there')
  t.same(JSON.parse(texts[2]!), { schemaVersion: 1, pushId: 5, audienceId: 7, userId: '3', change: 'member', ids: [], fields: { Name: null, 'lifetime "value"': null, likes: null, updated: null } }, 'what is empty is null')
  t.match(JSON.parse(texts[3]!), { fields: { Name: '<b>x</b>', 'lifetime "value"': -3.5 } })
  t.same(rendered.map(({ types }) => types), ['1', '3', '0', '1', '1'], 'which types a user has')
  t.match(texts[1], `{"type":"EMAIL","value":"${sha256('o@example.com')}","encryption":"sha256"}`)
  const left = await documentsFor(database, access, { idTypes: ['ONEID'], fields }, 'left', ['2'])
  t.same(left.texts.map((text) => JSON.parse(text) as unknown), [{ schemaVersion: 1, pushId: 5, audienceId: 7, userId: '2', change: 'left', ids: [{ type: 'ONEID', value: 'M2', encryption: 'unencrypted' }], fields: {} }], 'who left is named by IDs alone')
})

t.test('a hundred fields, and what is hidden or masked, are what they should be', async (t) => {
  const database = await openTestDatabase(t)
  await makeWorld(database)
  const columns = await columnIds(database)
  const catalog = await getCatalog(database.db)
  const many = await documentsFor(database, Access.full(catalog), { idTypes: ['MOBILE'], fields: Array.from({ length: 100 }, (_, at) => ({ ref: 'attribute:city', name: `city ${at}` })) })
  t.equal(Object.keys((JSON.parse(many.texts[0]!) as { fields: object }).fields).length, 100)

  const grants: Grants = {
    sources: new Map([[1, { otherwise: 'full', columns: new Map([[columns['1.mobile']!, 'masked'], [columns['1.likes']!, 'hidden']]), rowCondition: { field: 'attribute:city', operator: 'is', values: ['Berlin'] } }]]),
    attributes: new Map([['name', 'masked'], ['city', 'full']])
  }
  const narrow = Access.narrowed(catalog, grants)
  t.same(pushableTypes(narrow).map(({ type }) => type), ['ONEID'], 'masked and hidden columns are not offered')
  t.notOk(pushableFields(narrow).some(({ label }) => ['Name', 'Likes', 'Language'].includes(label)))
  const seen = await documentsFor(database, narrow, { idTypes: ['MOBILE', 'ONEID', 'UNION_ID'], fields: [{ ref: 'attribute:name', name: 'Name' }, { ref: 'attribute:city', name: 'City' }, { ref: `tag:${columns['1.likes']}`, name: 'Likes' }] })
  t.same(seen.texts.map((text) => JSON.parse(text) as unknown), [
    { schemaVersion: 1, pushId: 5, audienceId: 7, userId: '2', change: 'member', ids: [{ type: 'ONEID', value: 'M2', encryption: 'unencrypted' }], fields: { City: 'Berlin' } },
    { schemaVersion: 1, pushId: 5, audienceId: 7, userId: '4', change: 'member', ids: [{ type: 'ONEID', value: 'M4', encryption: 'unencrypted' }], fields: { City: 'berlin' } }
  ], 'only users who are found, and of them only what is seen in full')
  t.equal(seen.gone, 4)
})

t.test('AES values are opened for those who get plain ones, and each value is there once', async (t) => {
  const database = await openTestDatabase(t)
  const aesKey = '0123456789ABCDEF'
  await seed(database, {
    alias: 'Calls', key: { column: 'no' },
    columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'phone_aes', kind: 'id', type: 'text', idType: 'MOBILE', encryption: 'aes' }]
  }, ['no,phone,phone_aes', `1,13900000001,${encryptAes(aesKey, '13900000001')}`, `2,,${encryptAes(aesKey, '13900000002', 'base64')}`, '3,,not encrypted at all'].join('\n'))
  const { rendered } = await documentsFor(database, Access.full(await getCatalog(database.db)), { idTypes: ['MOBILE'], fields: [] }, 'member', ['1', '2', '3'])
  t.match(rendered[1]?.ids, '"encryption":"aes"', 'as they come they stay encrypted')
  const plain = (value: string) => ({ type: 'MOBILE', value, encryption: 'unencrypted' })
  t.same(rendered.map(({ ids }) => decryptIds(ids, aesKey)), [[plain('13900000001')], [plain('13900000002')], []])
  t.same(decryptIds(rendered[1]!.ids, null), [], 'without the key there is nothing to open them with')
})

t.test('two fields cannot have one name', (t) => {
  t.same([...problemsOfNames([{ ref: 'a', name: 'x' }, { ref: 'b', name: 'y' }, { ref: 'c', name: 'x' }])], [[2, 'Two fields cannot have one name.']])
  t.end()
})
