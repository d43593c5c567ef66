import type { Test } from 'tap'
import { add } from '../audiences/world.ts'
import { bearerOf } from '../api/bearer.ts'
import type { World } from './acts.ts'

/** Every act by way of the API, each of which leaves one entry marked so. Answers the routes that were used. */
export async function apiActs(t: Test, world: World): Promise<string[]> {
  const { db, columns } = world
  const done: string[] = []
  const { id: token, send } = await bearerOf(world, 1)
  const by = async (route: string, asked: Omit<Parameters<typeof send>[0], 'method'>, entry: object) => {
    const answer = await send({ method: route.split(' ')[0] as 'POST', ...asked })
    t.ok(answer.statusCode < 300, `${route} answers ${answer.statusCode}`)
    t.match(await db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow(), { operator_id: 1, operator_name: 'Lin Yating', token_id: token, ...entry }, `${route} leaves an entry`)
    done.push(route)
    return answer.json() as Record<string, number>
  }
  const likes = `tag:${columns['1.likes']}`
  const { entry } = await by('PATCH /api/v1/users/:id', { url: '/api/v1/users/2', json: { values: { 'attribute:province': 'Bavaria' } } }, { kind: 'edit', fields: ['attribute:province'] })
  await by('POST /api/v1/history/:entry/undo', { url: `/api/v1/history/${entry}/undo` }, { kind: 'undo', undoes: entry })
  await by('POST /api/v1/users/:id/tags', { url: '/api/v1/users/2/tags', json: { tags: [{ field: likes, values: ['chess'] }] } }, { kind: 'tag', fields: [likes] })
  await by('POST /api/v1/taggings', { url: '/api/v1/taggings', json: { users: ['1', '2'], field: likes, values: ['chess'], policy: 'keep' } }, { kind: 'batch', users_affected: '2' })
  const { id: audience } = await add(world, 'All by the API', { and: [] })
  await world.runJobs()
  await by('POST /api/v1/audiences/:id/builds', { url: `/api/v1/audiences/${audience}/builds` }, { kind: 'audience', title: 'A private audience: build asked for' })
  const { job } = await by('POST /api/v1/exports', { url: '/api/v1/exports', json: { columns: ['user_id'] } }, { kind: 'export', title: 'Export of users ordered' })
  await by('POST /api/v1/jobs/:id/cancellation', { url: `/api/v1/jobs/${job}/cancellation` }, { kind: 'job', title: 'An export of users: cancel asked for' })
  await by('POST /api/v1/sources/:id/imports', { url: '/api/v1/sources/2/imports?fileName=a.csv', headers: { 'content-type': 'text/csv' }, payload: 'union,phone_md5,mail_sha,name,lang,note,at\nU9,,,,,,\n' }, { kind: 'import', title: 'Import of a.csv into Mini-program ordered' })
  await world.runJobs()
  t.match(await db.selectFrom('history_entries').selectAll().where('kind', '=', 'import').orderBy('id', 'desc').limit(1).executeTakeFirst(), { title: /1 rows new/, token_id: token }, 'what the job did is marked as well')
  return done
}
