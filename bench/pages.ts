import autocannon from 'autocannon'
import type pg from 'pg'
import { Browser } from './browser.ts'
import type { Console } from './console.ts'
import { signIn } from './console.ts'
import { megabytes, milliseconds, times, count, type ResultTable } from './table.ts'
import { peakOf, resetPeak } from './memory.ts'
import { listTargets, type Target } from './targets.ts'
import { repeat, type Times } from './timing.ts'

const connections = 10
const loadSeconds = 8

/** Every page at one connection beside its bare statement, then the first page under load. */
export async function measurePages(console_: Console, raw: pg.Pool, table: ResultTable): Promise<void> {
  const browser = new Browser(console_.address, await signIn(console_.address))
  const client = await raw.connect()
  try {
    resetPeak(console_.pid)
    const targets = await listTargets(console_, raw, browser)
    for (const target of targets) await measurePage(browser, client, target, table)
    const first = targets[0] as Target
    await measureLoad(browser, raw, first, table)
    table.add({ work: 'memory of the process while serving', here: megabytes(peakOf(console_.pid)), reach: 'under 300 MB', met: peakOf(console_.pid) < 300 * 1024 * 1024, note: 'peak, web server and worker thread' })
  } finally {
    client.release()
    browser.close()
  }
}

async function measurePage(browser: Browser, client: pg.PoolClient, target: Target, table: ResultTable): Promise<void> {
  const first = await browser.get(target.path(0))
  if (first.status !== 200) {
    table.add({ work: target.name, here: 'skipped', note: `${target.path(0).split('?')[0]} answers ${first.status}` })
    return
  }
  const here = await repeat((turn) => browser.get(target.path(turn)))
  const bare = await repeat((turn) => client.query(target.sql, target.values(turn)))
  table.add({
    work: target.name, here: say(here), bare: say(bare), ratio: times(here.p50 / bare.p50), reach: `p50 under ${milliseconds(target.reach)}`, met: here.p50 < target.reach, note: target.note ?? ''
  })
}

export function say(measured: Times): string {
  return `p50 ${milliseconds(measured.p50)}, p95 ${milliseconds(measured.p95)}`
}

/** Requests per second at ten connections; the load comes from this process, which shares the cores. */
async function measureLoad(browser: Browser, raw: pg.Pool, target: Target, table: ResultTable): Promise<void> {
  const result = await autocannon({ url: browser.address + target.path(0), connections, duration: loadSeconds, headers: { cookie: browser.cookie } })
  const failed = result.errors + result.non2xx
  const bare = await bareLoad(raw, target)
  table.add({
    work: `${target.name}, ${connections} connections`, here: `${count(result.requests.average)} requests/s`, bare: `${count(bare)} statements/s`, ratio: times(bare / result.requests.average), reach: '300 requests/s', met: result.requests.average >= 300 && failed === 0,
    note: `p50 ${milliseconds(result.latency.p50)}, p97.5 ${milliseconds(result.latency.p97_5)}${failed ? `, ${failed} failed` : ''}`
  })
}

async function bareLoad(raw: pg.Pool, target: Target): Promise<number> {
  let done = 0
  const end = performance.now() + loadSeconds * 500
  await Promise.all(Array.from({ length: connections }, async () => {
    while (performance.now() < end) { await raw.query(target.sql, target.values(done)); done++ }
  }))
  return done / (loadSeconds / 2)
}
