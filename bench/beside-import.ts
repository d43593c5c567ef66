import { setTimeout as sleep } from 'node:timers/promises'
import { getCatalog } from '../src/catalog/queries.ts'
import { holdProjection } from '../src/projection/lock.ts'
import { Browser } from './browser.ts'
import { signIn, type Console } from './console.ts'
import { importFile, type ImportResult } from './imports.ts'
import { say } from './pages.ts'
import type { StatementLog } from './statements.ts'
import { milliseconds, seconds, times, type ResultTable } from './table.ts'
import { timesOf, type Times } from './timing.ts'

const pause = 40

interface Watched { page: string; times: Times }

/** Pages and edits while a second source comes in whose people are in part those of the first: everything is written anew. */
export async function measureBesideImport(console_: Console, log: StatementLog, path: string, table: ResultTable): Promise<ImportResult> {
  const browser = new Browser(console_.address, await signIn(console_.address))
  const { users, attributeId } = await someUsers(console_)
  const pages = ['/users', `/users/${users[0]}`]
  try {
    const idle = await watch(browser, pages, sleep(6000))
    const running = importFile(console_, log, await newSource(console_), path)
    const edits = edit(console_, users, attributeId, running)
    const busy = await watch(browser, pages, running)
    for (const [index, { page, times: now }] of busy.entries()) {
      const before = idle[index]?.times
      if (!before || !Number.isFinite(now.p95)) { table.add({ work: `${nameOf(page)} while an import runs`, here: 'skipped', note: 'the page does not answer' }); continue }
      table.add({
        work: `${nameOf(page)} while an import runs`, here: say(now), bare: `${say(before)} (idle console)`, ratio: times(now.p95 / before.p95), reach: 'p95 at most 3 x of idle', met: now.p95 <= 3 * before.p95,
        note: `${now.count} requests, longest ${milliseconds(now.most)}`
      })
    }
    const written = await edits
    table.add({ work: 'edit of a user while an import runs', here: `longest wait ${milliseconds(written.most)}`, reach: 'at most 2 s', met: written.most <= 2000, note: `${written.count} edits, p50 ${milliseconds(written.p50)}` })
    return await running
  } finally {
    browser.close()
  }
}

const nameOf = (page: string) => (page === '/users' ? 'list, first page' : 'profile page')

/** Asks for the pages by turns until the work is done. */
async function watch(browser: Browser, pages: string[], work: Promise<unknown>): Promise<Watched[]> {
  const measured = pages.map((): number[] => [])
  let done = false
  void work.finally(() => { done = true }).catch(() => {})
  for (let turn = 0; !done; turn++) {
    const answer = await browser.get(pages[turn % pages.length] as string)
    if (answer.status === 200) measured[turn % pages.length]?.push(answer.milliseconds)
    await sleep(pause)
  }
  return pages.map((page, index) => ({ page, times: timesOf(measured[index] ?? []) }))
}

/** What an edit does that could wait: it holds the projection, writes what was decided and shows it. */
async function edit({ db }: Console, users: string[], attributeId: number, work: Promise<unknown>): Promise<Times> {
  const waits: number[] = []
  let done = false
  void work.finally(() => { done = true }).catch(() => {})
  for (let turn = 0; !done; turn++) {
    const start = performance.now()
    await db.transaction().execute(async (trx) => {
      await holdProjection(trx)
      await trx.insertInto('overrides').values({ row_number: users[turn % users.length] as string, attribute_id: attributeId, type: 'text', value: JSON.stringify(`edited ${turn}`), policy: 'keep', source_id: null, column_id: null, operator_id: null, ended_by_run: null }).execute()
    })
    waits.push(performance.now() - start)
    await sleep(pause)
  }
  return timesOf(waits)
}

/** A kept folder holds a second source of an earlier time: then it is a third. */
async function newSource({ db }: Console): Promise<string> {
  const { sources } = await getCatalog(db)
  return sources.length > 1 ? `web shop ${sources.length}` : 'web shop'
}

async function someUsers({ db, pool }: Console): Promise<{ users: string[]; attributeId: number }> {
  const catalog = await getCatalog(db)
  const { rows } = await pool.query<{ user_id: string }>(`select user_id from ${catalog.usersTable} order by user_id limit 50`)
  return { users: rows.map((row) => row.user_id), attributeId: catalog.attributes.find((attribute) => attribute.code === 'channel')?.id ?? 0 }
}

export function sayStages({ stages }: ImportResult): string {
  return stages.map(({ name, seconds: took }) => `${name} ${seconds(took)}`).join(', ')
}
