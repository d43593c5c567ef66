import t from 'tap'
import { build, type TestApp } from '../helper.ts'
import { plain, valueOf } from './values.ts'
import { columnIds, makeWorld, narrow } from './world.ts'

const decisions = async ({ db }: TestApp) => Number((await db.selectFrom('overrides').select(({ fn }) => fn.countAll<string>().as('n')).executeTakeFirstOrThrow()).n)

t.test('a value is set by hand where it stands', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)

  t.test('the editor shows what is there; saving shows the new value, the mark and Undo', async (t) => {
    const city = valueOf(world, '1', 'attribute:city')
    const { body, was } = await city.open()
    t.equal(was, '杭州市')
    t.match(body, /hx-trigger="submit, field-leave"/)
    t.match(body, 'type="text" value="杭州市"')
    const answer = await city.set(' 宁波市 ')
    t.equal(answer.statusCode, 200)
    const said = plain(answer.body)
    t.match(said, 'Edit city: 宁波市')
    t.match(said, /by hand : City .*Source value 杭州市 , Shop members,.*import of \d{4}-\d\d-\d\d.*Set by Lin Yating.*Keep: imports do not change it.*Return to source/)
    t.match(said, 'City set for Xiaomin.')
    t.match(answer.body, /action="\/history\/\d+\/undo"/)
    t.match(plain((await world.as({ url: '/users/1' })).body), /宁波市.*by hand : City/)
  })

  t.test('an untouched or equal value writes nothing', async (t) => {
    const before = await decisions(world)
    for (const [ref, text] of [[`tag:${c['1.value']}`, '12480'], [`tag:${c['1.value']}`, '12,480.0'], [`tag:${c['1.updated']}`, '2026-01-05T10:00'], [`tag:${c['1.likes']}`, 'tea | hiking']] as const) {
      const answer = await valueOf(world, '1', ref).set(text)
      t.equal(answer.statusCode, 200, `${ref} ${text}`)
      t.notMatch(answer.body, 'by hand')
      t.notMatch(answer.body, '/undo')
    }
    const name = valueOf(world, '1', 'attribute:name')
    await name.set((await name.open()).was)
    t.equal(await decisions(world), before)
  })

  t.test('each type takes what fits it', async (t) => {
    const cases: [string, string, string][] = [
      ['attribute:age', '38', 'Edit age: 38'], ['attribute:birthday', '1988-02-17', '1988-02-17'], ['attribute:gender', 'female', 'Female'],
      ['attribute:registration_time', '2024-03-18T10:22', '2024-03-18 10:22'], ['attribute:name', '<b>"Ann"</b>', '&lt;b&gt;'],
      [`tag:${c['1.value']}`, '28,912.50', '28,912.5'], [`tag:${c['1.updated']}`, '2026-06-01T08:00:05', '2026-06-01 08:00'],
      [`tag:${c['1.likes']}`, 'golf\r\ntea|golf\n\n 露营 ', 'golf , tea , 露营'], [`tag:${c['2.note']}`, 'one line\nand another', 'one line and another'], [`tag:${c['2.lang']}`, 'Deutsch', 'Deutsch']
    ]
    for (const [ref, text, shown] of cases) {
      const answer = await valueOf(world, '1', ref).set(text)
      t.equal(answer.statusCode, 200, `${ref}: ${plain(answer.body)}`)
      t.match(plain(answer.body), shown, ref)
      t.notMatch(answer.body, '<b>"Ann"')
    }
    t.match((await world.as({ url: '/users/1/fields/attribute:birthday/edit' })).body, 'type="date" value="1988-02-17"')
    t.match((await world.as({ url: '/users/1/fields/attribute:registration_time/edit' })).body, 'type="datetime-local" value="2024-03-18T10:22"')
    t.match((await world.as({ url: `/users/1/fields/tag:${c['1.updated']}/edit` })).body, 'value="2026-06-01T08:00:05" step="1"')
    t.match((await world.as({ url: '/users/1/fields/attribute:gender/edit' })).body, '<option value="female" selected>Female</option>')
    const { rows } = await world.pool.query('select value from overrides where column_id = $1', [c['1.updated']])
    t.equal(rows[0].value, '2026-06-01T00:00:05.000000Z', 'a time is read in the zone of the installation')
  })

  t.test('a user without a row in the source of a tag can have its value', async (t) => {
    t.match(plain((await valueOf(world, '7', `tag:${c['1.likes']}`).set('golf')).body), 'golf by hand')
    t.equal((await valueOf(world, '7', `tag:${c['1.likes']}`).open()).was, 'golf')
  })

  t.test('clearing is a value too, and says so', async (t) => {
    const level = valueOf(world, '1', 'attribute:member_level')
    const said = plain((await level.set('')).body)
    t.match(said, /empty .*by hand : Member level, set to be empty.*Source value Gold.*Set to empty: imports do not fill it/)
    t.match(said, 'Member level of &lt;b&gt;&quot;Ann&quot;&lt;/b&gt; is empty now, set by hand: imports do not fill it.')
    const again = await level.giveBack()
    t.match(plain(again.body), 'Edit member level: Gold')
    t.match(plain(again.body), 'is again what its source says')
    t.notMatch(again.body, 'by hand')
    t.match(again.body, /action="\/history\/\d+\/undo"/)
    t.notMatch((await level.giveBack()).body, '/undo', 'nothing was left to give back')
  })

  t.test('wrong input keeps the editor open with what was typed', async (t) => {
    const before = await decisions(world)
    const cases: [string, string, string][] = [
      ['attribute:age', '-1', 'An age is a whole number from 0 to 150.'], ['attribute:age', '151', 'from 0 to 150'], ['attribute:age', '3.5', 'whole number'], ['attribute:age', 'old', '“old” is not a number'],
      ['attribute:birthday', '2999-01-01', 'cannot be in the future'], ['attribute:birthday', '2024-02-30', '“2024-02-30” is not a date that exists'], ['attribute:birthday', '1700-01-01', 'more than 150 years ago'],
      ['attribute:registration_time', '2024-03-18T25:00', 'not a date and time that exists'], ['attribute:gender', 'x', '“x” is not one of the choices of Gender'],
      [`tag:${c['1.value']}`, '1e99', 'not a number'], [`tag:${c['2.lang']}`, 'a\u0000b', 'cannot be kept (NUL)'], [`tag:${c['2.note']}`, 'x'.repeat(1_000_000), 'too long: 1,000,000 characters'],
      [`tag:${c['1.likes']}`, Array.from({ length: 1001 }, (_, n) => n).join('|'), '1,001 values']
    ]
    for (const [ref, text, message] of cases) {
      const answer = await valueOf(world, '2', ref).set(text)
      t.equal(answer.statusCode, 422, `${ref} ${text.slice(0, 20)}`)
      t.match(plain(answer.body), message)
      t.match(answer.body, 'aria-invalid="true"')
      t.match(answer.body, 'data-unsaved')
      if (!text.includes('\u0000')) t.ok(answer.body.includes(text.slice(0, 2000)), 'what was typed is still there')
    }
    t.equal(await decisions(world), before)
  })

  t.test('IDs, unknown fields and unknown users are nowhere', async (t) => {
    const never = plain((await world.as({ url: '/users/1/fields/tag:99999/edit' })).body)
    for (const ref of ['id:MOBILE', 'id:ONEID', 'id', `tag:${c['1.no']}`, `tag:${c['1.mobile']}`, `tag:${c['1.city']}`, `tag:${c['2.at']}`, 'attribute:never', 'tag:99999', 'tag:0', 'x', "tag:1' or '1"]) {
      const path = `/users/1/fields/${encodeURIComponent(ref)}`
      for (const [method, url] of [['GET', path], ['GET', `${path}/edit`], ['PATCH', path], ['POST', path]] as const) {
        const answer = await world.as({ method, url, ...(method === 'GET' ? {} : { form: { value: 'x', version: '', was: '' } }) })
        t.equal(answer.statusCode, 404, `${method} ${url}`)
        t.equal(plain(answer.body).replace(/[\w-]{30,}/g, ''), never.replace(/[\w-]{30,}/g, ''), ref)
      }
      t.equal((await world.as({ method: 'POST', url: '/users/1/returns', form: { field: ref } })).statusCode, 404, ref)
    }
    for (const id of ['99', '0', 'abc', '1%00', '9'.repeat(30)]) t.equal((await world.as({ method: 'PATCH', url: `/users/${id}/fields/attribute:city`, form: { value: 'x', version: '', was: '' } })).statusCode, 404, id)
    t.equal((await world.as({ method: 'PATCH', url: '/users/1/fields/attribute:city', form: {} })).statusCode, 422)
    t.equal((await world.as({ method: 'PATCH', url: '/users/1/fields/attribute:city', form: { value: ['a', 'b'] } })).statusCode, 422)
  })

  t.test('without a script an editor is a page, and saving leads back to the profile', async (t) => {
    const page = await world.as({ url: '/users/4/fields/attribute:city/edit?in=size%3D20' })
    t.match(page.body, '<h1>Edit city</h1>')
    t.match(page.body, 'name="in" value="size=20"')
    const version = /name="version" value="([^"]+)"/.exec(page.body)![1]!
    const saved = await world.as({ method: 'POST', url: '/users/4/fields/attribute:city', form: { value: 'Hamburg', version, was: 'berlin', in: 'size=20' } })
    t.equal(saved.statusCode, 303)
    t.equal(saved.headers.location, '/users/4?in=size%3D20#field-attribute-city')
    const profile = await world.as({ url: '/users/4?in=size%3D20' })
    t.match(plain(profile.body), 'City set for &lt;b&gt;x&lt;/b&gt;.')
    t.match(profile.body, 'formaction="/users/4/fields/attribute:city/edit"')
    const wrong = await world.as({ method: 'POST', url: '/users/4/fields/attribute:age', form: { value: '-1', version: '', was: '' } })
    t.equal(wrong.statusCode, 422)
    t.match(wrong.body, '<h1>Edit age</h1>')
    t.equal((await world.as({ method: 'POST', url: '/users/4/returns', form: { field: 'attribute:city' } })).headers.location, '/users/4#field-attribute-city')
    t.match(plain((await world.as({ url: '/users/4' })).body), 'Edit city: berlin')
    t.equal((await world.as({ url: '/users/4/fields/attribute:city' })).headers.location, '/users/4#field-attribute-city')
  })

  t.test('an old ID edits the user that holds it now', async (t) => {
    t.equal((await valueOf(world, '5', 'attribute:province').set('浙江省')).statusCode, 200)
    t.match(plain((await world.as({ url: '/users/1' })).body), '浙江省')
  })

  t.test('a hidden or masked field is answered like one that never was', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[c['1.likes']!, 'hidden'], [c['1.value']!, 'masked']]) } }, { city: 'masked', age: 'hidden' })
    for (const ref of [`tag:${c['1.likes']}`, `tag:${c['1.value']}`, 'attribute:city', 'attribute:age']) {
      t.equal((await world.as({ url: `/users/1/fields/${ref}/edit` })).statusCode, 404, ref)
      t.equal((await valueOf(world, '1', ref).save({ value: '1', version: '', was: '' })).statusCode, 404, ref)
      t.equal((await valueOf(world, '1', ref).giveBack()).statusCode, 404, ref)
    }
    const { body } = await world.as({ url: '/users/1' })
    t.notMatch(body, 'by hand<span class="visually-hidden">: City')
    t.match(body, /City<\/dt>\s*<dd class="">\s*<p class="fact-value">/, 'shown, not to be edited')
  })
})
