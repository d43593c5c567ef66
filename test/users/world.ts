import { createHash } from 'node:crypto'
import { Access } from '../../src/access/access.ts'
import type { Grants, SourceGrant } from '../../src/access/grants.ts'
import type { TestApp, TestDatabase } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const shop: SeedStructure = {
  alias: 'Shop members', key: { column: 'no', idType: 'ONEID' }, updateTime: 'updated',
  columns: [
    { name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' },
    { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' },
    { name: 'level', kind: 'attribute', type: 'text', attribute: 'member_level' }, { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|', tagName: 'Likes' },
    { name: 'value', kind: 'tag', type: 'number', tagName: 'Lifetime value' }, { name: 'updated', kind: 'tag', type: 'time', format: 'YMD', tagName: 'Updated' }
  ]
}
const mini: SeedStructure = {
  alias: 'Mini-program', key: { column: 'union', idType: 'UNION_ID' }, updateTime: 'at',
  columns: [
    { name: 'union', kind: 'id', type: 'text', idType: 'UNION_ID' }, { name: 'phone_md5', kind: 'id', type: 'text', idType: 'MOBILE', encryption: 'md5' },
    { name: 'mail_sha', kind: 'id', type: 'text', idType: 'EMAIL', encryption: 'sha256' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' },
    { name: 'lang', kind: 'tag', type: 'text', tagName: 'Language' }, { name: 'note', kind: 'tag', type: 'text', tagName: 'Note' }, { name: 'at', kind: 'ignore', type: 'time', format: 'YMD' }
  ]
}

export const longNote = 'Please leave parcels with the concierge of building 3, phone first; never on Sundays'

/**
 * Seven rows, five users. User 1: shop M1 and mini U1 (joined by mobile, MD5 in the mini-program). User 2: shop M2 and mini
 * U2. User 3: shop M3 with nothing known. User 4: shop M4. User 7: mini U3 alone.
 */
export async function makeWorld(database: TestDatabase): Promise<void> {
  await seed(database, shop, [
    'no,mobile,name,city,level,likes,value,updated',
    'M1,13812345678,王晓敏,杭州市,Gold,tea|hiking,12480.00,2026-01-05 10:00:00',
    'M2,13900000002,Olivia,Berlin,Silver,tea,5,2026-02-05 10:00:00',
    'M3,,,,,,,',
    'M4,13900000004,<b>x</b>,berlin,,coffee,-3.5,2026-03-05 10:00:00'
  ].join('\n'))
  await seed(database, mini, [
    'union,phone_md5,mail_sha,name,lang,note,at',
    `U1,${md5('13812345678')},,Xiaomin,中文,"${longNote}",2026-05-05 10:00:00`,
    `U2,${md5('13900000002')},${sha256('o@example.com')},,English,,2026-01-01 10:00:00`,
    `U3,${md5('13999999999')},,Nobody,English,secret,2026-04-05 10:00:00`
  ].join('\n'))
}

export async function columnIds({ db }: TestDatabase): Promise<Record<string, number>> {
  const columns = await db.selectFrom('source_columns').select(['id', 'name', 'source_id']).execute()
  return Object.fromEntries(columns.map((column) => [`${column.source_id}.${column.name}`, column.id]))
}

/** The users of a list page, in order. */
export function usersOn(response: { body: string }): string[] {
  return [...response.body.matchAll(/name="user" value="(\d+)"/g)].map((match) => match[1]!)
}

export function where(...conditions: unknown[]): string {
  return `where=${encodeURIComponent(JSON.stringify(conditions))}`
}

export async function usersFor(world: TestApp, query: string): Promise<string[]> {
  const response = await world.as({ url: `/users?${query}` })
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${query}: ${response.body.slice(0, 2000)}`)
  return usersOn(response)
}

const full: SourceGrant = { otherwise: 'full', columns: new Map() }

/** Lets the signed-in operator see less, until the test ends. Sources that are not named are seen in full; null hides one. */
export function narrow(t: { teardown(fn: () => unknown): unknown }, sources: Record<number, SourceGrant | null>, attributes: Record<string, 'hidden' | 'masked'> = {}): void {
  const original = Access.full
  t.teardown(() => { Access.full = original })
  Access.full = (catalog) => {
    const grants: Grants = {
      sources: new Map(catalog.sources.flatMap((source) => { const grant = sources[source.id]; return grant === null ? [] : [[source.id, grant ?? full]] })),
      attributes: new Map(catalog.attributes.map((attribute) => [attribute.code, attributes[attribute.code] ?? 'full']))
    }
    return Access.narrowed(catalog, grants)
  }
}
