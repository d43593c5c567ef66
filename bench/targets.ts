import type pg from 'pg'
import { getCatalog } from '../src/catalog/queries.ts'
import { addressOf, everyone } from '../src/users/user-query.ts'
import type { Browser } from './browser.ts'
import type { Console } from './console.ts'
import { keyColumn } from './people.ts'

/** A page to measure, and the plainest statement that answers the same question from the bare table. */
export interface Target {
  name: string
  /** Address for the n-th request. */
  path(turn: number): string
  sql: string
  values(turn: number): unknown[]
  /** Most milliseconds at p50. */
  reach: number
  note?: string
}

const shown = `name, mobile, level, ${keyColumn}`
const pageOf = (where: string, order = `${keyColumn} desc`) => `select ${shown} from people ${where} order by ${order} limit 51`
const none = () => []

export async function listTargets(console_: Console, raw: pg.Pool, browser: Browser): Promise<Target[]> {
  const catalog = await getCatalog(console_.db)
  const source = catalog.sources.find((candidate) => candidate.valuesTable)
  const tag = (name: string) => `tag:${source?.columns.find((column) => column.name === name)?.id ?? 0}` as const
  const filtered = (field: 'attribute:city' | ReturnType<typeof tag>, operator: 'is' | 'contains', value: string) => addressOf({ ...everyone, where: [{ field, operator, values: [value] }] })
  const sorted = (by: string, descending: boolean) => addressOf({ ...everyone, sort: { by, descending } })
  const ids = (await console_.pool.query<{ user_id: string }>(`select user_id from ${catalog.usersTable} tablesample bernoulli (1) order by random() limit 300`)).rows.map((row) => row.user_id)
  const keys = (await raw.query<{ key: string }>(`select ${keyColumn} as key from people tablesample bernoulli (1) order by random() limit 300`)).rows.map((row) => row.key)
  const of = (list: string[], turn: number) => list[turn % list.length] ?? ''
  const deep = await walk(browser, 999)
  const deepKey = (await raw.query<{ key: string }>(`select ${keyColumn} as key from people order by 1 desc offset ${deep.pages * everyone.size} limit 1`)).rows[0]?.key ?? ''
  const address = filtered(tag('address'), 'contains', 'vz')
  return [
    { name: 'list, first page', path: () => '/users', sql: pageOf(''), values: none, reach: 10 },
    { name: 'list, city is (index)', path: () => filtered('attribute:city', 'is', 'Berlin'), sql: pageOf('where lower(city) = lower($1)'), values: () => ['Berlin'], reach: 10 },
    { name: 'list, member level is (index)', path: () => addressOf({ ...everyone, levels: ['Platinum'] }), sql: pageOf('where lower(level) = lower($1)'), values: () => ['Platinum'], reach: 10 },
    { name: `list, page ${deep.pages + 1} by its link`, path: () => deep.path, sql: pageOf(`where ${keyColumn} < $1`), values: () => [deepKey], reach: 10 },
    { name: 'list, tag contains “12” (no index)', path: () => filtered(tag('address'), 'contains', '12'), sql: pageOf(`where lower(address) like '%' || $1 || '%'`), values: () => ['12'], reach: 1000, note: 'many match' },
    { name: 'list, tag contains “vz” (no index)', path: () => address, sql: pageOf(`where lower(address) like '%' || $1 || '%'`), values: () => ['vz'], reach: 1000, note: 'nobody matches: every row is read' },
    { name: 'list, tag is (no index)', path: () => filtered(tag('preferred_store'), 'is', 'Store 77'), sql: pageOf('where lower(preferred_store) = lower($1)'), values: () => ['Store 77'], reach: 1000, note: '0.2% match' },
    { name: 'list, sorted by points (no index)', path: () => sorted(tag('points'), true), sql: pageOf('', `points desc nulls last, ${keyColumn} desc`), values: none, reach: 1000 },
    { name: 'list, sorted by name (no index)', path: () => sorted('attribute:name', false), sql: pageOf('', `name collate "zh-Hans-CN-x-icu", ${keyColumn}`), values: none, reach: 1000 },
    { name: 'count, everybody', path: () => '/users/count', sql: 'select count(*) from people', values: none, reach: 200 },
    { name: 'count, city is (index)', path: () => filtered('attribute:city', 'is', 'Berlin').replace('/users?', '/users/count?'), sql: 'select count(*) from people where lower(city) = lower($1)', values: () => ['Berlin'], reach: 250 },
    { name: 'count, tag contains “12” (no index)', path: () => filtered(tag('address'), 'contains', '12').replace('/users?', '/users/count?'), sql: `select count(*) from people where lower(address) like '%' || $1 || '%'`, values: () => ['12'], reach: 250, note: '“about”, after 200 ms' },
    { name: 'profile page', path: (turn) => `/users/${of(ids, turn)}`, sql: `select * from people where ${keyColumn} = $1`, values: (turn) => [of(keys, turn)], reach: 10 }
  ]
}

/** Follows the link to the next page as often as asked, or as there is one. */
async function walk(browser: Browser, steps: number): Promise<{ path: string; pages: number }> {
  let path = '/users'
  let pages = 0
  for (; pages < steps; pages++) {
    const { status, body } = await browser.get(path)
    const next = /href="([^"]+)"[^>]*rel="next"/.exec(body)?.[1] ?? /id="page-next" href="([^"]+)"/.exec(body)?.[1]
    if (status !== 200 || !next) break
    path = next.replaceAll('&amp;', '&')
  }
  return { path, pages }
}
