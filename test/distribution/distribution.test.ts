import t from 'tap'
import { stepOf, stretchLabel, unitOf } from '../../src/distribution/distribution.ts'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { seed } from '../seed.ts'
import { add } from '../audiences/world.ts'
import { columnIds, makeWorld, where } from '../users/world.ts'

const bars = (body: string) => [...body.matchAll(/<span class="clip[^"]*" title="([^"]*)">[^<]*<\/span><\/th>\s*<td class="cell-number">([^<]*)<\/td>/g)].map(([, label, users]) => `${label} ${users}`)

t.test('steps are round, and there are not too many', async (t) => {
  for (const [least, most, whole] of [[0, 1, false], [0, 7, true], [-3.5, 12480, false], [0, 1e12, true], [5, 5, true]] as const) {
    const step = stepOf(least, most, whole)
    t.ok((most - least) / step <= 20, `${least} to ${most}: ${step}`)
    t.match(step.toExponential(), /^[125]e/)
  }
  t.same([stretchLabel(3, 1, true), stretchLabel(-1, 10, true), stretchLabel(2, 0.5, false)], ['3', '-10 to -1', '1 to under 1.5'])
  t.same([1, 100, 400, 3000, 40_000].map(unitOf), ['day', 'week', 'month', 'year', 'decade'])
})

t.test('how users are spread over the values of a field, for a query and for an audience', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const columns = await columnIds(world)
  await seed(world, { alias: 'Many', key: { column: 'k' }, columns: [{ name: 'k', kind: 'ignore', type: 'text' }, { name: 'colour', kind: 'tag', type: 'text', tagName: 'Colour' }] }, ['k,colour', ...Array.from({ length: 60 }, (_, n) => `k${n},c${n % 30}`)].join('\n'))
  const { id } = await add(world, 'Berlin', { field: 'attribute:city', operator: 'contains', values: ['berlin'] })
  await world.runJobs()
  const of = async (field: string, query = '', as = world.as) => as({ url: `/users/distribution?field=${field}&in=${encodeURIComponent(query)}` })
  t.same(bars((await of('attribute:city', 'level=Gold')).body), ['杭州市 1'])
  t.same(bars((await of(`tag:${columns['1.likes']}`)).body), ['tea 2', 'coffee 1', 'hiking 1', 'empty 62'], 'each of several values counts')
  const colours = bars((await of(`tag:${(await columnIds(world))['3.colour']}`)).body)
  t.equal(colours.length, 22)
  t.same(colours.slice(-2), ['others 20', 'empty 5'])
  t.same(bars((await of(`tag:${columns['1.value']}`, where(['audience', 'any', String(id)]))).body).filter((bar) => !bar.endsWith(' 0')), ['-4 to under -3 1', '5 to under 6 1'])
  t.same(bars((await of(`tag:${columns['1.updated']}`)).body), ['week of 2026-01-05 1', 'week of 2026-02-02 1', 'week of 2026-03-02 1', 'empty 62'])
  t.match((await world.as({ url: `/audiences/${id}` })).body, /href="\/users\/distribution\?in=/)

  const narrow = await signInWith(world, await makeRole(world, { permissions: ['user_360.view'], sources: { 1: { otherwise: 'full', columns: { [columns['1.likes'] ?? 0]: 'masked' } } }, attributes: { city: 'full' } }))
  const asked = async (field: string) => { const answer = await of(field, '', narrow.as); return [answer.statusCode, answer.body.replaceAll(/csrf[^ ]*|value="[^"]*"|<code>[^<]*<\/code>/g, '')] }
  t.same(await asked(`tag:${columns['1.likes']}`), await asked('tag:99999'), 'a masked field is answered like none')
  t.same(await asked(`tag:${columns['2.lang']}`), await asked('tag:99999'))
  const page = (await of('attribute:city', '', narrow.as)).body
  t.notMatch(page, /Likes|Language/)
  t.same(bars(page), ['Berlin 1', 'berlin 1', '杭州市 1', 'empty 1'], 'only whom they find is counted')
})
