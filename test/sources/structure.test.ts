import t from 'tap'
import { build, type TestApp } from '../helper.ts'
import { messageOf, upload } from './upload.ts'

const file = 'member_no,mobile,name,likes,ltv,note\nM1,13800000001,Lin,tea|hiking,12.5,x\nM2,13800000002,Wang,tea|golf,7,y\n'

async function importFirst(app: TestApp): Promise<void> {
  const url = await upload(app, 'members.csv', file)
  const names = /name="names" value="([^"]*)"/.exec((await app.as({ url })).body)?.[1] ?? ''
  await app.as({ method: 'POST', url: `${url}/import`, form: { names, alias: 'Members', key: '0', k0: 'id', i0: 'ONEID', k5: 'ignore' } })
  await app.runJobs()
}

t.test('the structure of a source after its first run', async (t) => {
  const app = await build(t)
  await importFirst(app)
  const url = '/settings/sources/1/structure'
  const column = async (name: string) => app.db.selectFrom('source_columns').selectAll().where('name', '=', name).executeTakeFirstOrThrow()
  const source = () => app.db.selectFrom('sources').selectAll().executeTakeFirstOrThrow()

  await t.test('the key and its ID type stand there, but cannot be changed', async (t) => {
    const page = await app.as({ url })
    t.match(page.body, /source key member_no, OneID, which stays/)
    t.match(page.body, /<select id="k0"[^>]*disabled>/)
    t.match(page.body, /<select id="i0"[^>]*disabled>/)
    await app.as({ method: 'POST', url, form: { alias: 'Members', k0: 'tag', i0: 'MOBILE' } })
    // A form that was made up may post anything; the fixed fields are then refused or ignored.
    t.match(await column('member_no'), { kind: 'id', id_type: 'ONEID', pending: null })
  })

  await t.test('names, groups and descriptions apply at once and are in the history', async (t) => {
    const response = await app.as({ method: 'POST', url, form: { alias: 'Shop members', n3: 'Interests', g3: 'Likes > Spare time', x3: 'What they said they like' } })
    t.equal(response.headers.location, '/settings/sources/1')
    t.match(await column('likes'), { tag_name: 'Interests', description: 'What they said they like', pending: null })
    t.match(await source(), { alias: 'Shop members', structure_pending: false })
    const items = await app.db.selectFrom('history_items').select(['column_name', 'field', 'old_value', 'new_value']).where('field', 'in', ['alias', 'tagName', 'group', 'description']).orderBy('item').execute()
    t.same(items.map((item) => [item.column_name, item.field, item.old_value, item.new_value]), [
      ['', 'alias', 'Members', 'Shop members'], ['likes', 'tagName', 'Likes', 'Interests'], ['likes', 'group', [], ['Likes', 'Spare time']], ['likes', 'description', null, 'What they said they like']
    ])
  })

  await t.test('saving what is there already changes nothing and records nothing', async (t) => {
    const before = await app.db.selectFrom('history_entries').selectAll().execute()
    await app.as({ method: 'POST', url, form: { alias: 'Shop members' } })
    t.equal((await app.db.selectFrom('history_entries').selectAll().execute()).length, before.length)
  })

  await t.test('how a column is read waits for the next run', async (t) => {
    await app.as({ method: 'POST', url, form: { alias: 'Shop members', t3: 'text', k5: 'tag', n5: 'Note', v4: 'n/a, -' } })
    t.match(await column('likes'), { type: 'multi', pending: { kind: 'tag', type: 'text' } })
    t.match(await column('note'), { kind: 'ignore', tag_name: 'Note', pending: { kind: 'tag', type: 'text' } })
    t.match(await column('ltv'), { empty_values: [], pending: { emptyValues: ['n/a', '-'] } })
    t.match(await source(), { structure_pending: true })
    t.match((await app.as({ url })).body, /likes<\/code> <span class="pill pill-warn">next run/)
    t.match((await app.as({ url: '/settings/sources/1' })).body, /takes effect with the next run, which must read the whole file/)
    await app.as({ method: 'POST', url, form: { alias: 'Shop members', v4: '' } })
    t.match(await column('ltv'), { pending: null }, 'and can be taken back')
  })

  await t.test('the next run reads with it', async (t) => {
    const next = await upload(app, 'again.csv', file, 1)
    t.match((await app.as({ url: next })).body, /tea\|hiking/, 'the preview reads with the new structure')
    await app.as({ method: 'POST', url: `${next}/import`, form: {} })
    await app.runJobs()
    t.match(await column('likes'), { type: 'text', pending: null, tag_name: 'Interests' })
    t.match(await column('note'), { kind: 'tag', pending: null, tag_name: 'Note' })
    t.match(await source(), { structure_pending: false })
  })

  await t.test('wrong fields come back with their messages', async (t) => {
    const page = await app.as({ method: 'POST', url, form: { alias: '', k2: 'attribute', a2: '', k1: 'attribute', a1: 'name', n3: '' } })
    t.equal(page.statusCode, 422)
    for (const message of [/Give the source a name/, /Choose the attribute/, /Give the tag a name/]) t.match(messageOf(page), message)
  })

  await t.test('a filter index is switched by a job', async (t) => {
    await app.as({ method: 'POST', url, form: { alias: 'Shop members', q4: 'on' } })
    t.match(await column('ltv'), { filter_index: true })
    t.match(await app.db.selectFrom('jobs').selectAll().orderBy('id', 'desc').executeTakeFirst(), { kind: 'reproject', status: 'waiting' })
    await app.runJobs()
    t.match(await app.db.selectFrom('jobs').selectAll().where('kind', '=', 'reproject').executeTakeFirst(), { status: 'done' })
  })

  await t.test('the structure of a source that is not there is not found', async (t) => {
    t.equal((await app.as({ url: '/settings/sources/99/structure' })).statusCode, 404)
    t.equal((await app.as({ url: '/settings/sources/99999999999/structure' })).statusCode, 400)
  })
})

t.test('removing a source', async (t) => {
  const app = await build(t)
  await importFirst(app)
  const url = '/settings/sources/1/removal'

  await t.test('what goes is told in numbers', async (t) => {
    const { body } = await app.as({ url })
    t.match(body, /<dt>rows<\/dt><dd>2<\/dd>/)
    t.match(body, /<dt>users who have rows only here<\/dt><dd>2<\/dd>/)
    t.match(body, /<dt>tags<\/dt><dd>2<\/dd>/)
    t.match(body, /<dt>values set by hand for its tags<\/dt><dd>0<\/dd>/)
  })

  await t.test('another name than its own removes nothing', async (t) => {
    const page = await app.as({ method: 'POST', url, form: { alias: 'Menbers' } })
    t.equal(page.statusCode, 422)
    t.match(messageOf(page), /not the name of the source/)
    t.match(page.body, /value="Menbers"/)
    t.same(await app.db.selectFrom('jobs').selectAll().where('kind', '=', 'remove_source').execute(), [])
  })

  await t.test('a removal that is cancelled leaves the source as it was', async (t) => {
    await app.as({ method: 'POST', url, form: { alias: 'Members' } })
    await app.db.updateTable('jobs').set({ status: 'cancelled' }).where('kind', '=', 'remove_source').execute()
    await app.as({ url: '/settings/sources' })
    t.notMatch((await app.as({ url: '/settings/sources' })).body, /being removed/)
    t.equal((await app.as({ url: '/settings/sources/1/import' })).statusCode, 200)
  })

  await t.test('its name orders the removal, and a job does it', async (t) => {
    const response = await app.as({ method: 'POST', url, form: { alias: 'members' } })
    t.equal(response.headers.location, '/settings/sources')
    t.match((await app.as({ url: '/settings/sources' })).body, /being removed/)
    t.equal((await app.as({ url: '/settings/sources/1/import' })).statusCode, 409)
    t.equal((await app.as({ method: 'POST', url, form: { alias: 'members' } })).statusCode, 409)
    await app.runJobs()
    t.match((await app.as({ url: '/settings/sources' })).body, /Nothing is imported yet/)
    t.match((await app.as({ url: '/settings/imports/1' })).body, /source, removed/, 'its runs can still be read')
    t.equal((await app.db.selectFrom('catalog_state').select('user_count').executeTakeFirst())?.user_count, '0')
  })
})
