import t from 'tap'
import { raiseAlert } from '../../src/alerts/queries.ts'
import { addOperator, resetPassword } from '../../src/operators/give-password.ts'
import { runReproject } from '../../src/projection/run-reproject.ts'
import { recoverJobs } from '../../src/jobs/queries.ts'
import { build, cookieOf, tokenOf } from '../helper.ts'
import { makeAdministrator } from '../role.ts'
import { quietContext } from '../seed.ts'
import { read } from '../source.ts'
import { upload, uploadRequest } from '../sources/upload.ts'
import { accountActs } from './account-acts.ts'
import { destinationActs, noDestinationAct } from './destination-acts.ts'
import { openWorld } from './acts.ts'
import { apiActs } from './api-acts.ts'
import { pushActs } from './push-acts.ts'
import { sourceActs } from './source-acts.ts'

/** Routes that write, and are no act of their own; each with what is said of them. */
const noAct: Record<string, string> = {
  'POST /settings/sources/uploads': 'a file that waits is no data yet', 'POST /settings/sources/:id/uploads': 'a file that waits is no data yet',
  'POST /settings/sources/uploads/:upload/preview': 'only shows', 'POST /settings/sources/uploads/:upload/discard': 'a file that waits is no data yet',
  'POST /settings/sources/:id/structure/rows': 'only shows', 'POST /theme': 'a cookie of the browser', 'POST /users/selections': 'only chooses whom the next step is about', ...noDestinationAct, 'POST /audiences/selections': 'only chooses whom the next step is about', 'POST /audiences/uploads': 'a file that waits is no data yet',
  'POST /api/v1/users/find': 'only reads; that masked IDs were looked for is recorded by test/access/look-up.test.ts and test/api/users.test.ts', 'POST /api/v1/users/query': 'only reads', 'POST /api/v1/users/count': 'only reads',
  'POST /settings/connections/test': 'only tries', 'POST /settings/connections/:id/test': 'only tries', 'POST /settings/sources/from/:connection': 'a sample that waits is no data yet'
}
t.test('every act leaves its entry, with who did it and what was before', async (t) => {
  const world = await openWorld(t)
  const { as, db, runJobs, columns } = world
  const done = new Set<string>()
  const latest = () => db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()

  /** Does something by a route and answers the entries that it left, newest last. */
  async function by(route: string, url: string, form: Record<string, string | string[]>, kind: string, title: RegExp) {
    const before = (await latest()).id
    const answer = await as({ method: route.split(' ')[0] as 'POST', url, form })
    t.ok(answer.statusCode < 400, `${route} answers ${answer.statusCode}`)
    const entries = await db.selectFrom('history_entries').selectAll().where('id', '>', before).orderBy('id').execute()
    t.match(entries.at(-1), { kind, title, operator_name: 'Lin Yating', operator_id: 1 }, `${route} leaves an entry`)
    done.add(route)
    const items = entries.length ? await db.selectFrom('history_items').selectAll().where('entry_id', '=', entries.at(-1)!.id).orderBy('item').execute() : []
    return { answer, entries, changes: items.map((item) => [item.old_value, item.new_value]) }
  }

  const otherRoutes = [...await accountActs(t, world), ...await destinationActs(t, world)]

  const idType = await by('POST /settings/id-types', '/settings/id-types', { code: 'DEVICE', name: 'Device', priority: '18', single: 'multi' }, 'settings', /ID type Device added/)
  t.match(idType.changes, [[null, { name: 'Device' }]])
  const { id: device } = await db.selectFrom('id_types').select('id').where('code', '=', 'DEVICE').executeTakeFirstOrThrow()
  t.match((await by('POST /settings/id-types/:id', `/settings/id-types/${device}`, { name: 'Device token', priority: '18', single: 'multi', enabled: 'on' }, 'settings', /changed/)).changes, [[{ name: 'Device' }, { name: 'Device token' }]])
  t.match((await by('POST /settings/id-types/:id/deletion', `/settings/id-types/${device}/deletion`, {}, 'settings', /deleted/)).changes, [[{ name: 'Device token' }, null]])

  const asked = await as({ method: 'POST', url: '/settings/id-types/mapping', form: { overSharedLimit: '9', placeholders: 'none' } })
  const hidden = Object.fromEntries([...asked.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]))
  t.ok((await by('POST /settings/id-types/mapping', '/settings/id-types/mapping', hidden, 'settings', /ordered/)).changes.some(([old, now]) => old === 20 && now === 9))
  await runJobs()
  t.match(await latest(), { kind: 'settings', title: /^Mapping settings changed/, operator_name: 'Lin Yating' })

  t.match((await by('POST /settings/attributes', '/settings/attributes', { code: 'plan', name: 'Plan', type: 'text', rule: 'latest' }, 'structure', /Attribute Plan added/)).changes, [[null, { name: 'Plan' }]])
  const { id: plan } = await db.selectFrom('attributes').select('id').where('code', '=', 'plan').executeTakeFirstOrThrow()
  const changed = await by('POST /settings/attributes/:id', `/settings/attributes/${plan}`, { name: 'Contract', type: 'text', rule: 'latest' }, 'structure', /Contract changed/)
  t.match(changed.changes, [[{ name: 'Plan' }, { name: 'Contract' }]])
  t.same(changed.entries[0]?.fields, ['attribute:plan'])
  t.match((await by('POST /settings/attributes/:id/deletion', `/settings/attributes/${plan}/deletion`, {}, 'structure', /Contract deleted/)).changes, [[{ name: 'Contract' }, null]])

  t.same((await by('POST /settings/tags/groups', '/settings/tags/groups', { name: 'Interests', parent: '' }, 'structure', /Interests added/)).changes, [[null, 'Interests']])
  const { id: group } = await db.selectFrom('tag_groups').select('id').executeTakeFirstOrThrow()
  t.same((await by('POST /settings/tags/groups/:id', `/settings/tags/groups/${group}`, { name: 'Hobbies', parent: '' }, 'structure', /Interests is now Hobbies/)).changes, [['Interests', 'Hobbies']])
  const tag = await by('POST /settings/tags/:id', `/settings/tags/${columns['1.likes']}`, { name: 'Likes', group: String(group), description: 'What they like' }, 'structure', /Tag Likes changed/)
  t.same(tag.changes.at(-1), [null, 'What they like'])
  t.same(tag.entries[0]?.fields, [`tag:${columns['1.likes']}`])
  t.equal((await by('POST /settings/tags/groups/:id/deletion', `/settings/tags/groups/${group}/deletion`, {}, 'structure', /Hobbies deleted/)).changes.length, 2)

  const shown = [`tag:${columns['1.value']}`, 'attribute:city']
  t.same((await by('POST /users/columns', '/users/columns', { column: shown, act: 'save' }, 'settings', /columns of the user list/)).changes, [[[], shown]])
  const display = await as({ url: `/settings/history/${(await latest()).id}` })
  t.match(display.body, /Lifetime value, City/, 'columns are said by their labels')

  await by('POST /users/exports', '/users/exports', { in: '/users', act: 'export', item: ['user_id', 'attribute:city'], bom: 'on' }, 'export', /^Export of users ordered$/)
  await runJobs()
  t.match(await latest(), { kind: 'export', title: 'Users exported', operator_name: 'Lin Yating', fields: ['attribute:city'] })
  t.match((await by('POST /settings/exports/keeping', '/settings/exports/keeping', { hours: '48' }, 'settings', /how long exported files are kept/)).changes, [['24 hours', '2 days']])

  t.same((await by('POST /settings/alerts/addresses', '/settings/alerts/addresses', { addresses: 'ops@example.com' }, 'settings', /who is mailed of alerts/)).changes, [[[], ['ops@example.com']]])
  await raiseAlert(db, { subject: 'import:1', permission: 'imports', message: 'It failed.', href: null })
  await by('POST /alerts/:id/dismissal', '/alerts/1/dismissal', {}, 'job', /^An alert dismissed$/)

  t.same((await by('POST /audiences/groups', '/audiences/groups', { name: 'Campaigns', parent: '' }, 'audience', /Group of audiences Campaigns added/)).changes, [[null, 'Campaigns']])
  t.same((await by('POST /audiences/groups/:id', '/audiences/groups/1', { name: 'Letters', parent: '' }, 'audience', /Campaigns is now Letters/)).changes, [['Campaigns', 'Letters']])
  t.match((await by('POST /audiences', '/audiences', { rules: '[["and"]]', editing: '', name: 'Everybody', shared: 'on', act: 'save', every: '' }, 'audience', /^Audience Everybody added$/)).changes[0], [null, 'Everybody'])
  await runJobs()
  t.match(await latest(), { kind: 'audience', title: 'Audience Everybody built', operator_name: 'Lin Yating' })
  t.match((await by('POST /audiences/:id', '/audiences/1', { version: '1', rules: '[["noTag"]]', editing: '', name: 'All', act: 'save', every: '' }, 'audience', /^Audience Everybody changed$/)).changes, [[true, false], [null, 'changed']])
  await by('POST /audiences/:id/builds', '/audiences/1/builds', {}, 'audience', /^A private audience: build asked for$/)
  const { id: gone } = await makeAdministrator(db, 'Wang Fang')
  await db.updateTable('operators').set({ disabled_at: new Date() }).where('id', '=', gone).execute()
  await db.updateTable('audiences').set({ owner_id: gone }).where('id', '=', 1).execute()
  t.same((await by('POST /audiences/:id/ownership', '/audiences/1/ownership', {}, 'audience', /^A private audience of Wang Fang taken over$/)).changes[0], ['Wang Fang', 'Lin Yating'])
  await by('POST /audiences/:id/deletion', '/audiences/1/deletion', {}, 'audience', /^A private audience deleted$/)
  const ids = String((await as(uploadRequest('/audiences/uploads', 'ids.csv', 'mobile\n13812345678\n'))).headers.location).split('=')[1]!
  await by('POST /audiences/ids', '/audiences/ids', { upload: ids, column: '0', idType: 'MOBILE', name: 'Listed', shared: 'on' }, 'audience', /^Audience Listed added$/)
  await runJobs()
  t.same((await by('POST /audiences/groups/:id/deletion', '/audiences/groups/1/deletion', {}, 'audience', /Letters deleted/)).changes, [['Letters', null]])

  t.match((await by('POST /settings/history/keeping', '/settings/history/keeping', { days: '3650' }, 'settings', /how long the history is kept/)).changes, [['For ever', '10 years']])
  t.same((await by('POST /settings/sources/:id/structure', '/settings/sources/1/structure', { alias: 'Members' }, 'structure', /Structure of Members changed/)).changes, [['Shop members', 'Members']])

  const file = await upload(world, 'points.csv', 'key,points\na,1\nb,2\n')
  const names = /name="names" value="([^"]*)"/.exec((await as({ url: file })).body)?.[1] ?? ''
  const ordered = await by('POST /settings/sources/uploads/:upload/import', `${file}/import`, { names, alias: 'Points', key: '0' }, 'import', /Import of points.csv into Points ordered/)
  t.match(ordered.entries[0], { kind: 'structure', title: 'Source Points made' })
  await by('POST /settings/imports/:run/cancellation', ordered.answer.headers.location + '/cancellation', {}, 'import', /^Import of Points: cancel asked for$/)
  const before = await world.entries()
  await as({ method: 'POST', url: ordered.answer.headers.location + '/cancellation' })
  t.equal(await world.entries(), before, 'asked twice, it is one act')

  const again = await upload(world, 'points.csv', 'key,points\na,1\nb,2\n', 3)
  await as({ method: 'POST', url: `${again}/import`, form: { names, alias: 'Points', key: '0' } })
  await runJobs()
  t.match(await latest(), { kind: 'import', title: 'Import of points.csv into Points: 2 rows new, 0 changed, 0 removed, 0 rejected', operator_name: 'Lin Yating', source_id: 3 })

  const last = await db.selectFrom('import_runs').select((eb) => eb.fn.max('id').as('id')).executeTakeFirstOrThrow()
  await by('POST /settings/imports/:run/undo', `/settings/imports/${last.id}/undo`, {}, 'undo', /Undo of run \d+ of Points ordered/)
  await runJobs()
  t.match(await latest(), { kind: 'undo', title: /^Undo of run \d+ of Points: 2 rows removed/, operator_name: 'Lin Yating', source_id: 3 })

  const edit = await world.act(['1'], { city: { mode: 'set', value: '宁波市' } })
  t.match((await by('POST /history/:entry/undo', `/history/${edit}/undo`, {}, 'undo', /Undo of: Edit of a user/)).changes, [['宁波市', '杭州市']])

  const hiddenOf = (body: string) => Object.fromEntries([...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]))
  const excluding = /action="(\/settings\/refused-joins\/[^"]+\/exception)"/.exec((await as({ url: '/users/1/rows' })).body)?.[1] ?? ''
  const excluded = await as({ method: 'POST', url: excluding, form: { kind: 'exclude' } })
  await by('POST /settings/refused-joins/:type/:key/exception', excluding, hiddenOf(excluded.body), 'settings', /^A value of Mobile excluded from ID mapping, ordered$/)
  await runJobs()
  const mapping = await latest()
  t.match(mapping, { kind: 'mapping', title: /^A value of Mobile excluded from ID mapping: 0 users joined, 1 split$/, operator_name: 'Lin Yating' })
  const undoMapping = `/settings/mapping-acts/${mapping.id}/undo`
  await by('POST /settings/mapping-acts/:entry/undo', undoMapping, hiddenOf((await as({ url: undoMapping })).body), 'settings', /^Undo: A value of Mobile no longer excluded from ID mapping, ordered$/)
  await runJobs()
  t.match(await latest(), { kind: 'undo', undoes: mapping.id })

  await by('POST /settings/sources/:id/removal', '/settings/sources/3/removal', { alias: 'Points' }, 'structure', /Removal of the source Points ordered/)
  const { id: removal } = await db.selectFrom('jobs').select('id').where('kind', '=', 'remove_source').executeTakeFirstOrThrow()
  await by('POST /settings/jobs/:id/cancellation', `/settings/jobs/${removal}/cancellation`, {}, 'job', /^The removal of a source: cancel asked for$/)
  await by('POST /settings/jobs/:id/retry', `/settings/jobs/${removal}/retry`, {}, 'job', /^The removal of a source: begun anew$/)
  await runJobs()
  t.match(await latest(), { kind: 'structure', title: 'Source Points removed with 0 rows', operator_name: 'Lin Yating' })

  const city = '/users/2/fields/attribute:city'
  const opened = async () => ({ version: /name="version"[^>]*value="([^"]*)"/.exec((await as({ url: `${city}/edit` })).body)?.[1] ?? '', was: 'Berlin' })
  t.match(await by('PATCH /users/:id/fields/:ref', city, { value: 'Paris', ...await opened() }, 'edit', /./), { entries: [{ fields: ['attribute:city'], users_affected: '1' }] })
  t.match(await by('POST /users/:id/returns', '/users/2/returns', { field: 'attribute:city' }, 'return', /./), { entries: [{ fields: ['attribute:city'] }] })
  await by('POST /users/:id/fields/:ref', city, { value: 'Rome', ...await opened() }, 'edit', /./)
  t.match(await by('POST /users/:id/taggings', '/users/2/taggings', { back: '/users', choice: `${columns['1.likes']} add golf`, act: 'save' }, 'tag', /./), { entries: [{ fields: [`tag:${columns['1.likes']}`] }] })

  const choose = async (act: string) => String((await as({ method: 'POST', url: '/users/selections', form: { act, in: '', user: ['1', '4'] } })).headers.location)
  const golf = { back: '/users', act: 'save', policy: 'keep', group: 'none', tag: String(columns['1.likes']), mode: 'add', value: 'golf' }
  t.match(await by('POST /users/selections/:id/tagging', await choose('tag'), golf, 'batch', /./), { entries: [{ fields: [`tag:${columns['1.likes']}`], users_affected: '2' }] })
  t.match(await by('POST /users/selections/:id/return', await choose('return'), { back: '/users', act: 'save', field: `tag:${columns['1.likes']}` }, 'return', /./), { entries: [{ users_affected: '2' }] })
  const dialog = (await as({ url: '/users/4/edit' })).body
  const filled = Object.fromEntries([...dialog.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"|<textarea[^>]*name="([^"]+)"[^>]*>\n?([^<]*)/g)].map((match) => [match[1] ?? match[3] ?? '', match[2] ?? match[4] ?? '']))
  t.match(await by('POST /users/:id/edit', '/users/4/edit', { ...filled, 'value-city': 'Lyon' }, 'edit', /./), { entries: [{ fields: ['attribute:city'] }] })

  await by('POST /users/:id/erasure', '/users/4/erasure', { number: '4' }, 'erase', /^Erasure of user 4 ordered$/)
  await runJobs()
  t.match(await latest(), { kind: 'erase', title: 'User 4 erased', operator_name: 'Lin Yating' })
  const { id: erasure } = await db.selectFrom('erasures').select('id').executeTakeFirstOrThrow()
  await by('POST /settings/erasures/:id/lifting', `/settings/erasures/${erasure}/lifting`, {}, 'erase', /^Imports may bring user 4 back, who was erased$/)
  await by('POST /settings/roles', '/settings/roles', { name: 'Adviser', description: '' }, 'role', /Role Adviser added/)
  const { id: role } = await db.selectFrom('roles').select('id').where('name', '=', 'Adviser').executeTakeFirstOrThrow()
  const of = `/settings/roles/${role}`
  const seen = async (url: string) => ({ seen: /name="seen" value="([^"]*)"/.exec((await as({ url })).body)?.[1] ?? '' })
  t.same((await by('POST /settings/roles/:id/permissions', `${of}/permissions`, { ...await seen(of), permission: 'user_360.view' }, 'role', /permissions/)).changes, [[false, true]])
  t.same((await by('POST /settings/roles/:id/data/:source', `${of}/data/1`, { ...await seen(`${of}/data?of=1`), [`level-${columns['1.likes']}`]: 'masked' }, 'role', /data of Members/)).changes, [['hidden', 'masked']])
  t.same((await by('POST /settings/roles/:id/data/attributes', `${of}/data/attributes`, { ...await seen(`${of}/data`), 'level-city': 'full' }, 'role', /attributes/)).changes, [['hidden', 'full']])
  t.same((await by('POST /settings/roles/:id/rows/:source', `${of}/rows/1`, { ...await seen(`${of}/rows/1`), where: '[["attribute:city","is","Ulm"]]', save: '1' }, 'role', /rows of Members/)).changes, [['all', 'City is Ulm']])
  t.same((await by('POST /settings/roles/:id', of, { ...await seen(`${of}/edit`), name: 'Advisor' }, 'role', /Role Adviser changed/)).changes, [['Adviser', 'Advisor']])
  await by('POST /see-as/:role', `/see-as/${role}`, {}, 'role', /Began to look through the eyes of the role Advisor/)
  await by('POST /see-as/end', '/see-as/end', {}, 'role', /Stopped looking/)
  t.ok((await by('POST /settings/roles/:id/deletion', `${of}/deletion`, {}, 'role', /Role Advisor deleted/)).changes.length > 3)

  t.match((await by('POST /tokens', '/tokens', { name: 'Shop', days: '30', permission: ['user_360.view'] }, 'token', /^Token Shop made, for 30 days$/)).changes, [[null, ['User insight > User list > User 360 > View']]])
  const { id: token } = await db.selectFrom('tokens').select('id').executeTakeFirstOrThrow()
  await by('POST /tokens/:id/withdrawal', `/tokens/${token}/withdrawal`, {}, 'token', /^Token Shop of Lin Yating withdrawn$/)

  otherRoutes.push(...await apiActs(t, world), ...await sourceActs(t, world), ...await pushActs(t, world))
  await by('POST /password', '/password', { current: 'correct horse battery', next: 'a much better horse', again: 'a much better horse' }, 'operator', /changed their own password/)

  const page = await world.app.inject({ url: '/sign-in' })
  const signing = await world.app.inject({ method: 'POST', url: '/sign-in', headers: { cookie: cookieOf(page), 'x-csrf-token': tokenOf(page), 'content-type': 'application/x-www-form-urlencoded' }, payload: 'email=admin%40example.com&password=a+much+better+horse' })
  t.equal(signing.statusCode, 303)
  t.match(await latest(), { kind: 'sign_in', title: 'Signed in', operator_name: 'Lin Yating' })
  done.add('POST /sign-in')
  const cookie = cookieOf(signing)
  const out = await world.app.inject({ method: 'POST', url: '/sign-out', headers: { cookie, 'x-csrf-token': tokenOf(await world.app.inject({ url: '/password', headers: { cookie } })) } })
  t.equal(out.statusCode, 303)
  t.match(await latest(), { kind: 'sign_in', title: 'Signed out', operator_name: 'Lin Yating' })
  t.equal((await world.app.inject({ url: '/users', headers: { cookie } })).headers.location, '/sign-in?to=%2Fusers', 'the session is over')
  done.add('POST /sign-out')

  for (const route of otherRoutes) done.add(route)

  const routes = Object.keys(JSON.parse(read('test/routes.json')) as object).filter((route) => !route.startsWith('GET '))
  t.same(routes.filter((route) => !done.has(route) && !(route in noAct) && route !== 'POST /set-up'), [], 'no route that writes was left out')
})

t.test('setting up, accounts by command and the repair command leave theirs', async (t) => {
  const world = await build(t)
  const { db } = world
  const latest = () => db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  await addOperator(db, { email: 'zhao@example.com', name: 'Zhao Min' })
  t.match(await latest(), { kind: 'operator', title: /zhao@example.com was made from the command line/, operator_id: null })
  await resetPassword(db, 'zhao@example.com')
  t.match(await latest(), { kind: 'operator', title: /password of zhao@example.com was reset/ })
  const { id } = await db.insertInto('jobs').values({ kind: 'reproject', title: 'Rebuild', payload: '{}', status: 'running' }).returning('id').executeTakeFirstOrThrow()
  await runReproject(quietContext(world, id), { compare: true })
  t.match(await latest(), { kind: 'job', title: 'What pages show was rebuilt by the command', job_id: id })
  const { id: lost } = await db.insertInto('jobs').values({ kind: 'import', title: 'Import of Points', payload: '{}', status: 'running', origin: 'command' }).returning('id').executeTakeFirstOrThrow()
  await recoverJobs(db)
  t.match(await latest(), { kind: 'import', title: 'Import of Points failed and changed nothing', job_id: lost })
})

t.test('a job that fails, stops or is cancelled says so', async (t) => {
  const world = await openWorld(t)
  const { db, runJobs, operator } = world
  const latest = () => db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  const file = await upload(world, 'members.csv', 'no,mobile,name,city,level,likes,value,updated\nM1,,,,,,x,y\nM2,,,,,,x,y\n', 1)
  await world.as({ method: 'POST', url: `${file}/import`, form: {} })
  await runJobs()
  t.match(await latest(), { kind: 'import', title: 'Import of Shop members was stopped and changed nothing', operator_name: 'Lin Yating', source_id: 1 })
  t.ok((await latest()).run_id)
  await db.insertInto('jobs').values({ kind: 'undo', title: 'Undo of: Tag Likes', payload: JSON.stringify({ entryId: '999', operator }), operator_id: operator.id }).execute()
  await runJobs()
  t.match(await latest(), { kind: 'job', title: 'The undo of a batch was stopped and changed nothing', operator_id: operator.id })
  await db.insertInto('jobs').values({ kind: 'batch', title: 'Batch tag Likes', payload: '{}', operator_id: operator.id }).execute()
  const error = console.error
  console.error = () => {}
  await runJobs().finally(() => { console.error = error })
  t.match(await latest(), { kind: 'job', title: /^A batch (was stopped|failed) and changed nothing$/, operator_id: operator.id }, 'the name of a tag stands nowhere')
})
