import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { build } from '../helper.ts'

const file = join(import.meta.dirname, '../data/telco-customer-churn.csv')
const structure = {
  alias: 'Telco', key: { column: 'customerID', idType: 'ONEID' },
  columns: [
    { column: 'customerID', kind: 'id', idType: 'ONEID', encryption: 'unencrypted' }, { column: 'gender', kind: 'attribute', attribute: 'gender' },
    { column: 'tenure', kind: 'tag', type: 'number', name: 'Months with us', group: ['Contract'] }, { column: 'Contract', kind: 'tag', type: 'text', name: 'Contract', group: ['Contract'] },
    { column: 'TotalCharges', kind: 'tag', type: 'number', name: 'Total charges', group: ['Contract', 'Money'] }, { column: 'PaymentMethod', kind: 'tag', type: 'text', name: 'Payment method' }
  ]
}

t.test('the sample of real customers comes in by the command, and pages show what the file says', { timeout: 120_000 }, async (t) => {
  const app = await build(t)
  const people = parse(await readFile(file), { columns: true, bom: true }) as Record<string, string>[]
  const structureFile = join(app.dataDir, 'telco.json')
  await writeFile(structureFile, JSON.stringify(structure))
  const run = () => promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../src/imports/cli.ts'), '--source', 'Telco', '--structure', structureFile, file], { env: { ...process.env, DATABASE_URL: app.url, DATA_DIR: app.dataDir, TZ: 'UTC', AES_KEY: '', PORT: '', HOST: '' } })

  const { stdout } = await run()
  t.match(stdout, `${people.length.toLocaleString('en')} new, 0 changed, 0 unchanged, 0 rejected`)
  t.equal(people.length, 7043)
  const again = await run()
  t.match(again.stdout, '0 new, 0 changed, 7,043 unchanged, 0 rejected')

  t.match((await app.as({ url: '/users/count' })).body, '7,043')
  for (const person of [people[0], people[488], people[3500], people.at(-1)] as Record<string, string>[]) {
    const list = await app.as({ url: `/users?id=${encodeURIComponent(person['customerID'] ?? '')}` })
    const link = /href="\/users\/(\d+)/.exec(list.headers.location ? `href="${String(list.headers.location)}` : list.body)
    t.ok(link, `${person['customerID']} is found by its ID`)
    const profile = (await app.as({ url: `/users/${link?.[1]}` })).body
    t.match(profile, person['gender'], 'the gender')
    t.match(profile, person['Contract'], 'the contract')
    t.match(profile, person['PaymentMethod'], 'the payment method')
    if (person['TotalCharges']?.trim()) t.match(profile.replaceAll(',', ''), person['TotalCharges'], 'the charges')
    t.match((await app.as({ url: `/users/${link?.[1]}?tab=identity` })).body, person['customerID'], 'the ID')
  }
  const { rows: [source] } = await app.pool.query(`select values_table from sources where alias = 'Telco'`)
  const { rows: [column] } = await app.pool.query(`select 'c' || id as name from source_columns where name = 'TotalCharges'`)
  const { rows: [sum] } = await app.pool.query(`select sum(${column.name})::float8 as total, count(${column.name})::int as filled from ${source.values_table}`)
  const charges = people.map((person) => person['TotalCharges']?.trim() ?? '').filter((text) => text !== '')
  t.equal(sum.filled, charges.length, 'white space only is empty')
  t.ok(Math.abs(sum.total - charges.reduce((total, text) => total + Number(text), 0)) < 0.01, 'the charges add up to what the file says')
})
