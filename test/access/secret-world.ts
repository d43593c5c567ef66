import { add } from '../audiences/world.ts'
import { columnIds } from '../users/world.ts'
import type { TestApp } from '../helper.ts'
import type { TestRole } from '../role.ts'
import { makeDestination, push, webhookAt } from '../pushes/world.ts'
import { upload } from '../sources/upload.ts'
import { seed, type SeedStructure } from '../seed.ts'

/** Begins every value that some role must not see; what follows says where it stands. */
export const mark = 'zqxmark'

const members: SeedStructure = {
  alias: 'Members', key: { column: 'no', idType: 'ONEID' },
  columns: [
    { name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'email', kind: 'id', type: 'text', idType: 'EMAIL' },
    { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'province', kind: 'attribute', type: 'text', attribute: 'province' },
    { name: 'level', kind: 'tag', type: 'text', tagName: 'Level' }, { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|', tagName: 'Likes' },
    { name: 'income', kind: 'tag', type: 'text', tagName: 'Income zqxmarkname' }, { name: 'score', kind: 'tag', type: 'number', tagName: 'Score zqxmarkname' }, { name: 'remark', kind: 'tag', type: 'text', tagName: 'Remark' }, { name: 'spare', kind: 'ignore', type: 'text' }
  ]
}
const clinic: SeedStructure = {
  alias: 'Clinic zqxmarkname', key: { column: 'pid', idType: 'OPEN_ID' },
  columns: [
    { name: 'pid', kind: 'id', type: 'text', idType: 'OPEN_ID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' },
    { name: 'diagnosis', kind: 'tag', type: 'text', tagName: 'Diagnosis zqxmarkname' }, { name: 'seen', kind: 'tag', type: 'number', tagName: 'Seen' }
  ]
}
const stores: SeedStructure = {
  alias: 'Stores', key: { column: 'card', idType: 'UNION_ID' },
  columns: [{ name: 'card', kind: 'id', type: 'text', idType: 'UNION_ID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'shop', kind: 'tag', type: 'text', tagName: 'Shop' }, { name: 'basket', kind: 'tag', type: 'text', tagName: 'Basket' }]
}

/** A number that no page would hold by chance. */
export const secretNumber = '861947302551'
/** Stands masked for the roles below: the first three and last four digits may be seen, the whole may not. */
export const maskedMobiles = ['13755518234', '13755529345']

export interface Secrets { sources: { members: number; clinic: number; stores: number }; columns: Record<string, number>; clinicUser: string; failingUser: string; uploadUrl: string; runs: number[] }

/** Three sources with a secret in every column that the roles below do not see, and in everything that was ever done to them. */
export async function makeSecrets(world: TestApp): Promise<Secrets> {
  const filler = Array.from({ length: 8 }, (_, n) => `F${n},1360000000${n},f${n}@example.com,Filler ${n},Berlin,${mark}province,Gold,tea,${mark}income,${secretNumber},note ${mark}remark ${n},${mark}spare`)
  const first = await seed(world, members, [
    'no,mobile,email,name,city,province,level,likes,income,score,remark,spare',
    `M1,${maskedMobiles[0]},${mark}mail1@example.com,Ann,Hangzhou,${mark}province,Gold,tea|golf,${mark}income1,${secretNumber},note ${mark}remark1,${mark}spare`,
    `M2,${maskedMobiles[1]},${mark}mail2@example.com,Bob,Berlin,${mark}province,Silver,tea,${mark}income2,${secretNumber},note ${mark}remark2,${mark}spare`,
    ...filler,
    // Two rows that are rejected, with secrets in the cells and in the reason.
    `M3,${maskedMobiles[0]},${mark}mail3@example.com,Cid,Berlin,${mark}province,Gold,tea,${mark}income3,${mark}score,note ${mark}remark3,${mark}spare`, `M1,,,${mark}twin,,,,,,,,`
  ].join('\n'))
  const second = await seed(world, clinic, ['pid,mobile,name,diagnosis,seen', `${mark}P1,${maskedMobiles[0]},Ann,${mark}flu,${secretNumber}`, `${mark}P2,13399988877,${mark}onlyclinic,${mark}cold,${secretNumber}`].join('\n'))
  const third = await seed(world, stores, ['card,mobile,shop,basket', `C1,${maskedMobiles[1]},open,apples`, `${mark}C2,13388877766,closed,${mark}basket`, `${mark}C3,${maskedMobiles[0]},closed,${mark}pears`].join('\n'))
  const columns = await columnIds(world)
  const userOf = async (table: string, key: string) => (await world.pool.query(`select user_of(row_number) as id from ${table} where source_key = $1`, [key])).rows[0].id as string
  const tables = new Map((await world.db.selectFrom('sources').select(['id', 'rows_table']).execute()).map((one) => [one.id, one.rows_table as string]))
  const secrets = {
    sources: { members: first.sourceId, clinic: second.sourceId, stores: third.sourceId }, columns, runs: [first.runId, second.runId, third.runId],
    clinicUser: await userOf(tables.get(second.sourceId)!, `${mark}P2`), failingUser: await userOf(tables.get(third.sourceId)!, `${mark}C2`), uploadUrl: ''
  }
  await actOn(world, secrets)
  return { ...secrets, uploadUrl: await upload(world, `${mark}file.csv`, `no,secret\n${mark}U,${mark}uploaded\n`) }
}

/** Hand-set values, taggings, batches and an undo of what is hidden: their history must be hidden as well. */
async function actOn(world: TestApp, { sources, columns, clinicUser }: Secrets): Promise<void> {
  const income = columns[`${sources.members}.income`]!
  const diagnosis = columns[`${sources.clinic}.diagnosis`]!
  const shop = columns[`${sources.stores}.shop`]!
  const level = columns[`${sources.members}.level`]!
  const patch = async (user: string, ref: string, value: string) => {
    const url = `/users/${user}/fields/${ref}`
    const opened = (await world.as({ url: `${url}/edit` })).body
    const answer = await world.as({ method: 'PATCH', url, form: { value, version: /name="version" value="([^"]+)"/.exec(opened)?.[1] ?? '', was: '' } })
    if (answer.statusCode !== 303) throw new Error(`${url} was not changed: ${answer.statusCode}`)
  }
  for (const [user, ref, value] of [['1', 'attribute:province', `${mark}province by hand`], ['1', `tag:${income}`, `${mark}income by hand`], [clinicUser, 'attribute:name', `${mark}name by hand`], ['1', `tag:${level}`, 'Platinum'], ['2', `tag:${diagnosis}`, `${mark}diagnosis by hand`]] as const) await patch(user, ref, value)
  for (const [user, tag, value] of [['1', income, `${mark}tagged`], ['2', diagnosis, `${mark}tagged too`], ['1', shop, 'open by hand'], ['1', level, 'Gold']] as const) {
    const answer = await world.as({ method: 'POST', url: `/users/${user}/taggings`, form: { act: 'save', choice: `${tag} set ${value}` } })
    if (answer.statusCode !== 303) throw new Error(`user ${user} was not tagged: ${answer.statusCode}`)
  }
  for (const tag of [income, diagnosis, level]) {
    const choice = await world.as({ method: 'POST', url: '/users/selections', form: { user: ['1', '2', clinicUser] } })
    await world.as({ method: 'POST', url: String(choice.headers.location), form: { act: 'save', tag: String(tag), value: tag === level ? 'Silver' : `${mark}batched`, policy: 'ignore', mode: 'replace' } })
  }
  // A private audience, and a shared one whose rules speak of what is hidden.
  await add(world, `${mark} audience`, { and: [] }, { description: `${mark} description` })
  await add(world, 'Known to all', { and: [{ field: `tag:${income}`, operator: 'contains', values: [mark] }, { field: 'attribute:province', operator: 'is', values: [`${mark}province`] }] }, { shared: true })
  await pushes(world, income, clinicUser)
  await world.db.insertInto('settings').values({ name: 'column_display', value: JSON.stringify([`tag:${level}`, `tag:${income}`, `tag:${diagnosis}`, 'attribute:province']) }).execute()
  await world.runJobs()
}

/** Pushes of both audiences and of one person, with fields that are hidden, under names that somebody gave them, and a user who was refused. */
async function pushes(world: TestApp, income: number, clinicUser: string): Promise<void> {
  const operator = await world.db.selectFrom('operators').select(['id', 'name']).where('email', '=', 'admin@example.com').executeTakeFirstOrThrow()
  const destination = await makeDestination(world, 'webhook', webhookAt('https://10.9.9.9/users'), 'Campaign system')
  const audiences = await world.db.selectFrom('audiences').select(['id', 'name']).orderBy('id').execute()
  const fields = [{ ref: `tag:${income}`, name: `${mark}income field` }, { ref: 'attribute:province', name: `${mark}province field` }]
  for (const audience of audiences) await push(world, audience, destination, operator, { idTypes: ['EMAIL', 'OPEN_ID'], fields })
  await push(world, audiences[0]!, destination, operator, { person: clinicUser, message: { subject: '', text: `${mark}text {{Name|}}` } })
  await world.runJobs()
  await world.db.insertInto('push_failures').values({ run_id: 1, user_id: clinicUser, change: 'member', reason: `${mark}refused` }).execute()
  await world.db.updateTable('push_runs').set({ refused: '1', total: '1' }).execute()
}

/** What a role sees of it: Members without mail, income, score, province, remark masked, mobile masked; Clinic not at all; open Stores. */
export function narrowRole({ sources, columns }: Secrets, permissions: TestRole['permissions']): TestRole {
  const of = (source: number, name: string) => columns[`${source}.${name}`]!
  const { members: m, stores: s } = sources
  return {
    permissions: permissions ?? [], attributes: { name: 'full', city: 'full' },
    sources: {
      [m]: { otherwise: 'hidden', columns: { [of(m, 'no')]: 'full', [of(m, 'mobile')]: 'masked', [of(m, 'level')]: 'full', [of(m, 'likes')]: 'full', [of(m, 'remark')]: 'masked' } },
      [s]: { otherwise: 'full', columns: { [of(s, 'mobile')]: 'hidden' }, rowCondition: { field: `tag:${of(s, 'shop')}`, operator: 'is', values: ['open'] } }
    }
  }
}
