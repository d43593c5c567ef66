import fc from 'fast-check'
import t from 'tap'
import { Access } from '../../src/access/access.ts'
import { grantLevels, uniteGrants, widest, type Grants, type SourceGrant } from '../../src/access/grants.ts'
import type { Attribute, Catalog, CatalogColumn, CatalogSource } from '../../src/catalog/catalog.ts'
import { readCondition, type Condition } from '../../src/catalog/condition.ts'

const kinds = ['id', 'tag', 'attribute', 'ignore'] as const
const codes = ['name', 'city']
const column = (id: number, sourceId: number): CatalogColumn => ({
  id, sourceId, name: `c${id}`, position: id, kind: kinds[id % 4]!, type: 'text', delimiter: null, idType: null, encryption: null, attribute: id % 4 === 2 ? codes[sourceId % 2]! : null,
  tagName: null, tagGroupId: null, description: null, format: null, timeZone: null, emptyValues: [], filterIndex: false, column: `c${id}`
})
const source = (id: number): CatalogSource => ({
  id, alias: `Source ${id}`, keyColumn: '', keyIdType: null, updateTimeColumn: null, structurePending: false, removing: false, rowsTable: `rows_${id}`, identitiesTable: null, valuesTable: `values_${id}`, rowCount: 0, userCount: 0,
  columns: [0, 1, 2, 3].map((at) => column(id * 4 + at, id))
})
const attribute = (code: string, id: number): Attribute => ({ id, code, name: code, type: 'text', choices: null, preset: true, rule: 'latest', sourceOrder: [], description: null, filterIndex: false, column: `a${id}` })
const catalog: Catalog = { version: '1', usersTable: 'users_1', userCount: 0, sources: [1, 2, 3].map(source), attributes: codes.map(attribute), idTypes: [], tagGroups: [], audiences: [] }

const level = fc.constantFrom(...grantLevels)
const leaf: fc.Arbitrary<Condition> = fc.record({ field: fc.constantFrom('attribute:city', 'tag:5'), operator: fc.constant('is'), values: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 1 }) }) as fc.Arbitrary<Condition>
const sourceGrant = (id: number): fc.Arbitrary<SourceGrant> => fc.record({
  otherwise: level, rowCondition: fc.option(leaf),
  columns: fc.dictionary(fc.constantFrom(...[0, 1, 2, 3].map((at) => String(id * 4 + at))), level, { noNullPrototype: true }).map((record) => new Map(Object.entries(record).map(([key, value]) => [Number(key), value])))
})
const grants: fc.Arbitrary<Grants> = fc.record({
  sources: fc.tuple(...[1, 2, 3].map((id) => fc.option(sourceGrant(id)))).map((all) => new Map(all.flatMap((grant, index) => (grant ? [[index + 1, grant] as const] : [])))),
  attributes: fc.dictionary(fc.constantFrom(...codes), level, { noNullPrototype: true }).map((record) => new Map(Object.entries(record)))
})
const several = fc.array(grants, { maxLength: 4 })

/** What one role shows of a column, said anew and plainly: of a source that it wholly hides nothing. */
function levelOf({ sources, attributes }: Grants, { id, sourceId, kind, attribute: code }: CatalogColumn) {
  const grant = sources.get(sourceId)
  if (!grant || kind === 'ignore' || (grant.otherwise === 'hidden' && ![...grant.columns.values()].some((one) => one !== 'hidden'))) return 'hidden'
  return kind === 'attribute' ? attributes.get(code!) ?? 'hidden' : grant.columns.get(id) ?? grant.otherwise
}
const rank = (one: string) => grantLevels.indexOf(one as 'full')
const shownIn = (access: Access, { id, sourceId }: CatalogColumn) => {
  const found = access.source(sourceId)?.columns.find((candidate) => candidate.id === id)
  return found ? (found.masked ? 'masked' : 'full') : 'hidden'
}
/** Which rows pass, told by the values a row has. */
const passes = (condition: Condition | null, row: Record<string, string>): boolean => condition === null || ('or' in condition ? condition.or.some((part) => passes(part, row)) : 'field' in condition && condition.values[0] === row[condition.field])

t.test('of several roles the widest wins, column by column and attribute by attribute', async (t) => {
  fc.assert(fc.property(several, (roles) => {
    const access = Access.narrowed(catalog, uniteGrants(roles))
    for (const one of catalog.sources.flatMap(({ columns }) => columns).filter(({ kind }) => kind !== 'attribute')) t.equal(shownIn(access, one), widest(roles.map((role) => levelOf(role, one))))
    for (const code of codes) {
      const found = access.attribute(code)
      t.equal(found ? (found.masked ? 'masked' : 'full') : 'hidden', widest(roles.map((role) => role.attributes.get(code) ?? 'hidden')))
    }
  }), { numRuns: 300 })
})

t.test('a column that feeds an attribute is seen as the attribute is, in a source that is seen', async (t) => {
  fc.assert(fc.property(several, (roles) => {
    const united = uniteGrants(roles)
    const access = Access.narrowed(catalog, united)
    for (const one of catalog.sources.flatMap(({ columns }) => columns).filter(({ kind }) => kind === 'attribute')) t.equal(shownIn(access, one), access.source(one.sourceId) ? united.attributes.get(one.attribute!) ?? 'hidden' : 'hidden')
  }), { numRuns: 200 })
})

t.test('a row passes where it passes for any role that shows its source, and one without a condition lets all pass', async (t) => {
  fc.assert(fc.property(several, fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c'), (roles, city, tag) => {
    const row = { 'attribute:city': city, 'tag:5': tag }
    const access = Access.narrowed(catalog, uniteGrants(roles))
    for (const { id } of catalog.sources) {
      const showing = roles.flatMap((role) => role.sources.get(id) ?? []).filter((grant) => grant.otherwise !== 'hidden' || [...grant.columns.values()].some((one) => one !== 'hidden'))
      const seen = access.source(id)
      t.equal(seen !== undefined, showing.length > 0, 'a source that every role wholly hides is absent')
      if (seen) t.equal(passes(seen.rowCondition, row), showing.some((grant) => passes(grant.rowCondition ?? null, row)))
    }
    t.equal(access.everyUser, access.sources.length === 3 && access.sources.every((one) => one.rowCondition === null))
  }), { numRuns: 300 })
})

t.test('the order of roles does not matter, and a role more never takes anything away', async (t) => {
  const plain = (access: Access) => ({
    sources: access.sources.map(({ id, columns, rowCondition }) => ({ id, columns: columns.map((one) => [one.id, one.masked]), rows: rowCondition && 'or' in rowCondition ? rowCondition.or.map((part) => JSON.stringify(part)).toSorted() : rowCondition && [JSON.stringify(rowCondition)] })),
    attributes: access.attributes.map(({ code, masked }) => [code, masked]), everyUser: access.everyUser
  })
  fc.assert(fc.property(several, fc.infiniteStream(fc.integer()), (roles, keys) => {
    const mixed = roles.map((role) => ({ role, key: keys.next().value as number })).toSorted((a, b) => a.key - b.key).map(({ role }) => role)
    t.same(plain(Access.narrowed(catalog, uniteGrants(mixed))), plain(Access.narrowed(catalog, uniteGrants(roles))))
  }), { numRuns: 200 })
  fc.assert(fc.property(several, grants, (roles, more) => {
    const [less, wider] = [Access.narrowed(catalog, uniteGrants(roles)), Access.narrowed(catalog, uniteGrants([...roles, more]))]
    for (const one of catalog.sources.flatMap(({ columns }) => columns)) t.ok(rank(shownIn(wider, one)) >= rank(shownIn(less, one)))
  }), { numRuns: 200 })
})

t.test('no role at all shows nothing', async (t) => {
  const access = Access.narrowed(catalog, uniteGrants([]))
  t.same([access.sources, access.attributes, access.everyUser], [[], [], false])
})

t.test('a kept condition comes back as it was, and anything else is not read', async (t) => {
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, fc.record({ and: fc.array(tie('tree'), { maxLength: 3 }) }), fc.record({ or: fc.array(tie('tree'), { maxLength: 3 }) }), fc.record({ not: tie('tree') }), fc.constant({ noTag: true })) as fc.Arbitrary<Condition>
  }))
  fc.assert(fc.property(tree, (condition) => { t.same(readCondition(JSON.parse(JSON.stringify(condition))), condition) }), { numRuns: 200 })
  fc.assert(fc.property(fc.jsonValue(), (value) => { readCondition(value) }), { numRuns: 500 })
  for (const value of [null, 'x', 7, [], {}, { and: 'x' }, { and: [7] }, { field: 'tag:1' }, { field: 'tag:1', operator: 'drop', values: [] }, { field: 'tag:1', operator: 'is', values: [7] }, { not: { or: [null] } }, { handSet: null }]) t.equal(readCondition(value), undefined, JSON.stringify(value))
  let deep: unknown = { noTag: true }
  for (let at = 0; at < 1000; at++) deep = { not: deep }
  t.equal(readCondition(deep), undefined, 'not even a very deep one')
})
