import { raiseAlert } from '../../src/alerts/queries.ts'
import { destinationKeys } from '../../src/destinations/seal.ts'
import { bearerOf, type Bearer } from '../api/bearer.ts'
import { connect, openOther, type Other } from '../connections/other.ts'
import { build, seal } from '../helper.ts'
import { fillWorld, type World } from '../history/acts.ts'
import { linksIn } from '../operators/people.ts'
import { makeAudience, makeDestination, outside, webhookAt } from '../pushes/world.ts'
import { makeRole } from '../role.ts'
import { seed } from '../seed.ts'
import { upload, uploadRequest } from '../sources/upload.ts'
import { watchRoutes, type LiveRoute } from './every-route.ts'

type Test = Parameters<typeof build>[0]

export interface FilledWorld extends World {
  routes: LiveRoute[]
  bearer: Bearer
  /** Another database, to which there is a connection. */
  other: Other
  /** Destinations beside the one that fills addresses. */
  letters: number; bank: number
  /** What fills the places of an address, by how it begins. */
  places: Record<string, Record<string, string>>
  /** What an address says behind its `?`, where it has to. */
  queries: Record<string, Record<string, string>>
}

/** A console in which one of everything was made, so that every address can be filled with what is there. */
export async function openFilledWorld(t: Test): Promise<FilledWorld> {
  const { routes, onRoute } = watchRoutes()
  const world = await fillWorld(await build(t, { onRoute, outside, metricsToken: 'for metrics', apiLimit: { requests: 1_000_000, seconds: 60 } }))
  const { as, db, runJobs, columns, operator, dataDir } = world
  const post = async (url: string, form: Record<string, string | string[]>) => {
    const answer = await as({ method: 'POST', url, form })
    if (answer.statusCode >= 400) throw new Error(`${url} answered ${answer.statusCode}: ${answer.body.slice(0, 3000)}`)
    return String(answer.headers.location ?? answer.body)
  }
  const newest = async (table: 'history_entries' | 'attributes' | 'id_types' | 'tag_groups' | 'audience_groups' | 'operators' | 'exports' | 'jobs' | 'erasures' | 'import_runs') => String((await db.selectFrom(table).select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()).id)

  // The same mobile under two numbers of the shop: a refused join. What is done to a value of the mini-program is an act of mapping.
  await seed(world, { alias: 'Shop members', key: { column: 'no' }, columns: [] }, 'no,mobile,name,city,level,likes,value,updated\nM9,13812345678,王晓敏,杭州市,Gold,tea,1,2026-01-05 10:00:00\nM10,,"x","not, a place",,,nothing,')
  const refused = await db.selectFrom('refused_joins').selectAll().executeTakeFirstOrThrow()
  const excluding = /action="(\/settings\/refused-joins\/[^"]+\/exception)"/.exec((await as({ url: '/users/2/rows' })).body)![1]!
  await post(excluding, hiddenIn((await as({ method: 'POST', url: excluding, form: { kind: 'exclude' } })).body))
  await runJobs()
  const mapping = (await db.selectFrom('history_entries').select('id').where('kind', '=', 'mapping').executeTakeFirstOrThrow()).id

  const role = await makeRole(world, { permissions: ['user_360.view', 'user_360.edit'], sources: { 1: { otherwise: 'full', columns: { [columns['1.value']!]: 'masked' } } }, otherAttributes: 'full' })
  const links = await post('/settings/operators/new', { name: 'Zhao Min', email: 'zhao@example.com', role: String(role) })
  await post('/settings/attributes', { code: 'shoe_size', name: 'Shoe size', type: 'number', rule: 'latest' })
  await post('/settings/id-types', { code: 'DEVICE', name: 'Device', priority: '18', single: 'multi' })
  await post('/settings/tags/groups', { name: 'Interests', parent: '' })
  const group = await newest('tag_groups')
  await post('/settings/tags/groups', { name: 'Outdoor', parent: group })
  await post('/audiences/groups', { name: 'Campaigns', parent: '' })
  // Erasing a person takes away files that hold them: those of later are whole.
  await post('/users/7/erasure', { number: '7' })
  await runJobs()
  const audience = await makeAudience(world, operator, { and: [] }, 'Everybody')
  const destination = await makeDestination(world, 'webhook', webhookAt('http://127.0.0.1:9/users'), 'Receiver')
  const letters = await makeDestination(world, 'email', { ownServer: true, host: '127.0.0.1', port: 9, security: 'none', username: '', from: 'a@example.com', replyTo: '', unsubscribe: '', perMinute: 60 }, 'Letters')
  const bank = await makeDestination(world, 'data_bank', { least: 1, most: 10, rowsPerFile: 5 }, 'Bank')
  const pushed = await post('/pushes/new', { audience: String(audience.id), destination: String(bank.id), type: 'MOBILE', hash: 'md5', act: 'start', every: '' })
  await post('/users/exports', { in: '/users', act: 'export', item: ['user_id', 'attribute:city'], bom: 'on' })
  await runJobs()

  const other = await openOther(t)
  await other.pool.query(`create table stores (no int primary key, town text, at timestamptz); insert into stores values (1, 'Ulm', now()); grant select on stores to public`)
  const connection = String(await connect(world, other))
  const sample = await post(`/settings/sources/from/${connection}`, { schema: 'public', table: 'stores' })
  await post(`${sample}/import`, { names: /name="names" value="([^"]*)"/.exec((await as({ url: sample })).body)![1]!, alias: 'Stores' })
  await runJobs()
  const { source_id: stores } = await db.selectFrom('source_origins').select('source_id').executeTakeFirstOrThrow()

  await raiseAlert(db, { subject: 'import:1', permission: 'imports', message: 'It failed.', href: null })
  const selection = (await post('/users/selections', { act: 'tag', in: '', user: ['1', '2', '4'] })).split('/')[3]!
  const fresh = (await upload(world, 'points.csv', 'key,points,at\na,1,2026-01-02\nb,2,2026-01-03\n')).split('/').pop()!
  const ids = String((await as(uploadRequest('/audiences/uploads', 'ids.csv', 'mobile\n13812345678\n'))).headers.location).split('=')[1]!
  const edit = await world.act(['2'], { city: { mode: 'set', value: '宁波市' } })
  const bearer = await bearerOf(world, 1)
  const run = (await db.selectFrom('import_runs').select('id').where('source_id', '=', 1).orderBy('id', 'desc').executeTakeFirstOrThrow()).id
  const [exported, job] = [await newest('exports'), await newest('jobs')]
  const of = (id: string | number) => ({ id: String(id) })

  return {
    ...world, routes, bearer, other, letters: letters.id, bank: bank.id,
    queries: { '/pushes/new': { audience: String(audience.id), destination: String(bank.id) }, '/audiences/new/ids': { upload: ids } },
    places: {
      '/users/': { id: '2', ref: 'attribute:city' }, '/users/selections/': of(selection), '/audiences/': of(audience.id), '/audiences/groups/': of(await newest('audience_groups')), '/exports/': of(exported), '/history/': { entry: edit },
      '/invitations/': { token: linksIn(links)[0]!.split('/').pop()! }, '/unsubscribe/': { token: (await destinationKeys(dataDir)).token('ann@example.com') }, '/pushes/': { id: pushed.split('/').pop()!, run: '1' }, '/alerts/': of(1), '/see-as/': { role: String(role) },
      '/settings/attributes/': of(await newest('attributes')), '/settings/connections/': of(connection), '/settings/destinations/': of(destination.id), '/settings/erasures/': of(await newest('erasures')), '/settings/history/': { entry: edit }, '/settings/id-types/': of(await newest('id_types')),
      '/settings/imports/': { run: String(run) }, '/settings/jobs/': of(job), '/settings/mapping-acts/': { entry: String(mapping) }, '/settings/operators/': of(await newest('operators')), '/settings/refused-joins/': { type: String(refused.id_type), key: seal.seal(refused.match_key) },
      '/settings/roles/': { ...of(role), source: '1' }, '/settings/sources/': of(1), '/settings/sources/from/': { connection }, '/settings/sources/uploads/': { upload: fresh }, '/settings/sources/:id/schedule': of(stores), '/settings/sources/:id/runs': of(stores),
      '/settings/tags/': of(columns['1.likes']!), '/settings/tags/groups/': of(group), '/tokens/': of(bearer.id), '/static/htmx/': { '*': 'htmx.min.js' }, '/static/': { '*': 'app.js' },
      '/api/v1/users/': of(2), '/api/v1/audiences/': of(audience.id), '/api/v1/exports/': of(exported), '/api/v1/jobs/': of(job), '/api/v1/history/': { entry: edit }, '/api/v1/sources/': of(1), '/api/v1/sources/:id/runs': of(stores)
    }
  }
}

export function hiddenIn(body: string): Record<string, string> {
  return Object.fromEntries([...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]).filter(([name]) => name !== '_csrf'))
}

/** The address of a route with what is there, but for what is given; that stands in it as it is. */
export function addressOf({ places }: Pick<FilledWorld, 'places'>, { url }: Pick<LiveRoute, 'url'>, instead: Record<string, string> = {}): string {
  const [longest] = Object.keys(places).filter((begin) => url.startsWith(begin)).toSorted((a, b) => b.length - a.length)
  const values = longest === undefined ? {} : places[longest]!
  return url.replaceAll(/:([a-z]+)|\*/gi, (place, name: string | undefined) => instead[name ?? '*'] ?? encodeURIComponent(values[name ?? '*'] ?? place))
}
