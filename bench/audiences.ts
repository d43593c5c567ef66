import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { Access } from '../src/access/access.ts'
import { findAudience } from '../src/audiences/queries.ts'
import { addAudience } from '../src/audiences/save-audience.ts'
import type { Condition } from '../src/catalog/condition.ts'
import { getCatalog } from '../src/catalog/queries.ts'
import { findJob, type JobRow } from '../src/jobs/queries.ts'
import { addressOf, everyone } from '../src/users/user-query.ts'
import { Browser } from './browser.ts'
import { signIn, type Console } from './console.ts'
import { say } from './pages.ts'
import { count, seconds, times, type ResultTable } from './table.ts'
import { repeat, secondsOf } from './timing.ts'

/** Building an audience by five conditions, and the list filtered by audiences beside the list filtered by what they are made of. */
export async function measureAudiences(console_: Console, raw: pg.Pool, table: ResultTable): Promise<void> {
  const catalog = await getCatalog(console_.db)
  const source = catalog.sources.find((one) => one.valuesTable)
  const tag = (name: string) => `tag:${source?.columns.find((column) => column.name === name)?.id ?? 0}` as const
  const five: Condition = {
    and: [
      { not: { field: 'attribute:city', operator: 'is', values: ['Berlin'] } }, { field: 'attribute:gender', operator: 'filled', values: [] }, { field: tag('orders'), operator: 'range', values: ['0', '59'] },
      { field: tag('churn_risk'), operator: 'is', values: ['low', 'middle', 'high'] }, { not: { field: tag('address'), operator: 'contains', values: ['vz'] } }
    ]
  }
  const bare = await secondsOf(() => raw.query(`drop table if exists bare_members; create table bare_members as select member_no from people where lower(city) is distinct from 'berlin' and gender is not null
    and orders between 0 and 59 and lower(churn_risk) in ('low', 'middle', 'high') and lower(address) not like '%vz%'; alter table bare_members add primary key (member_no); drop table bare_members`))
  const built = await build(console_, `Five conditions ${Date.now()}`, five)
  table.add({ work: `audience of five conditions, ${count(built.size)} members`, here: seconds(built.seconds), bare: seconds(bare), ratio: times(built.seconds / bare), reach: 'under 5 s', met: built.seconds < 5, note: 'bare: a table of the same keys with a primary key' })

  const browser = new Browser(console_.address, await signIn(console_.address))
  try {
    const places: [what: string, condition: Condition][] = [
      ['city is (index)', { field: 'attribute:city', operator: 'is', values: ['Berlin'] }], ['tag is (no index)', { field: tag('preferred_store'), operator: 'is', values: ['Store 77'] }], ['five conditions', five]
    ]
    for (const [what, condition] of places) {
      const { id, size } = await build(console_, `${what} ${Date.now()}`, condition)
      const at = (where: Condition) => addressOf({ ...everyone, where: [where] })
      const by = { audience: { how: 'any' as const, ids: [id] } }
      const [here, beside] = [await repeat(() => ok(browser, at(by))), await repeat(() => ok(browser, at(condition)))]
      table.add({ work: `list, audience of ${count(size)}`, here: say(here), bare: `${say(beside)} (${what})`, ratio: times(here.p50 / beside.p50), reach: 'as quick as by a tag', met: here.p50 <= Math.max(10, beside.p50 * 1.2), note: 'bare: the list filtered by the condition itself' })
    }
  } finally {
    browser.close()
  }
}

async function ok(browser: Browser, path: string): Promise<void> {
  const { status, body } = await browser.get(path)
  if (status !== 200) throw new Error(`${path} answers ${status}: ${body.slice(0, 300)}`)
}

/** Adds an audience as its page does; answers how long the job took in the worker thread. */
async function build(console_: Console, name: string, rules: Condition): Promise<{ id: number; size: number; seconds: number }> {
  const { db, queue } = console_
  const operator = await db.selectFrom('operators').select(['id', 'name']).orderBy('id').executeTakeFirstOrThrow()
  const catalog = await getCatalog(db)
  const { id, jobId } = await addAudience(db, queue, Access.full(catalog).withAudiences(catalog.audiences), { details: { name, description: '', shared: false, groupId: null }, rules, schedule: null }, operator)
  await queue.wake(jobId as number)
  const job = await ended(console_, jobId as number)
  if (job.status !== 'done' || !job.started_at || !job.ended_at) throw new Error(`The audience ${name} was not built: ${job.error ?? job.status}`)
  return { id, size: (await findAudience(db, id))?.size ?? 0, seconds: (job.ended_at.getTime() - job.started_at.getTime()) / 1000 }
}

async function ended({ db }: Console, jobId: number): Promise<JobRow> {
  for (;;) {
    const job = await findJob(db, jobId)
    if (job?.ended_at) return job
    await sleep(20)
  }
}
