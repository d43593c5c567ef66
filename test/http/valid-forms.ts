import { addressOf, type FilledWorld } from './filled-world.ts'

/** Pages whose forms depend on what is asked of them. */
export function morePages(world: FilledWorld): string[] {
  const { letters, bank } = world
  const audience = addressOf(world, { url: '/audiences/:id' }).split('/').pop()!
  const webhook = addressOf(world, { url: '/settings/destinations/:id' }).split('/').pop()!
  return [
    ...['kafka', 'webhook', 'email', 'data_bank'].map((kind) => `/settings/destinations/new?kind=${kind}`), `/settings/destinations/${letters}`, '/audiences/new/ids', `${addressOf(world, { url: '/settings/roles/:id/data' })}?of=1`,
    `/pushes/new?audience=${audience}&destination=${bank}`, `/pushes/new?audience=${audience}&destination=${webhook}`, `/pushes/new?audience=${audience}&destination=${webhook}&reach=on`, `/pushes/new?audience=${audience}&destination=${letters}&reach=on`
  ]
}

const destination = { name: 'New one', brokers: '127.0.0.1:9', topic: 'users', clientId: 'a', url: 'http://127.0.0.1:9/', secret: 'long enough for a secret', ownServer: 'on', host: '127.0.0.1', port: '9', security: 'none', from: 'a@example.com', perMinute: '60' }

/** What fills a form as its page does not, so that it is right; by route. Of a page's form only what it has, or what begins with +. */
export function filled({ columns, other }: FilledWorld): Record<string, Record<string, string | string[]>> {
  const likes = String(columns['1.likes'])
  return {
    'POST /sign-in': { email: 'admin@example.com', password: 'correct horse battery', to: '/users' }, 'POST /sign-in/code': { code: '123456' }, 'POST /set-up': { code: 'x', installation: 'Shop', name: 'Lin', email: 'lin@example.com', password: 'six green cups of tea' },
    'POST /password': { current: 'correct horse battery', next: 'a much better horse', again: 'a much better horse' }, 'POST /invitations/:token': { next: 'six green cups of tea', again: 'six green cups of tea' },
    'POST /two-step': { code: '123456' }, 'POST /two-step/end': { password: 'correct horse battery', code: '123456' }, 'POST /two-step/recovery-codes': { password: 'correct horse battery', code: '123456' },
    'POST /settings/operators/new': { name: 'Wang Fang', email: 'wang@example.com' }, 'POST /settings/operators/new/many': { people: 'li@example.com' },
    'POST /settings/attributes': { code: 'plan', name: 'Plan', type: 'text', rule: 'latest' }, 'POST /settings/id-types': { code: 'CARD', name: 'Card', priority: '19', single: 'multi' }, 'POST /settings/id-types/mapping': { overSharedLimit: '9', placeholders: 'none' },
    'POST /settings/tags/groups': { name: 'Music', parent: '' }, 'POST /audiences/groups': { name: 'Letters', parent: '' }, 'POST /audiences': { rules: '[["and"]]', editing: '', name: 'All', act: 'save', every: '' }, 'POST /audiences/:id': { act: 'save' }, 'POST /audiences/ids': { idType: 'MOBILE', name: 'Listed' },
    'POST /settings/roles': { name: 'Adviser' }, 'POST /settings/roles/:id/rows/:source': { where: '[["attribute:city","is","Ulm"]]', add: '', '+save': '1' }, 'POST /tokens': { name: 'Shop', days: '30', permission: ['user_360.view'] },
    'POST /settings/destinations': destination, 'POST /settings/destinations/test': destination, 'POST /settings/destinations/addresses': { addresses: 'ann@example.com', change: 'unsubscribe' }, 'POST /settings/destinations/:id/test-mail': { subject: 'x', text: 'y' },
    'POST /settings/connections': { ...other.form, name: 'Second' }, 'POST /settings/connections/test': other.form, 'POST /settings/connections/:id': { password: other.password }, 'POST /settings/connections/:id/test': { password: other.password },
    'POST /settings/sources/from/:connection': { schema: 'public', table: 'stores' }, 'POST /settings/sources/:id/removal': { alias: 'Shop members' }, 'POST /users/:id/erasure': { number: '2' },
    'POST /settings/history/keeping': { days: '3650' }, 'POST /settings/exports/keeping': { hours: '48' }, 'POST /settings/alerts/addresses': { addresses: 'ops@example.com' },
    'POST /users/selections': { user: ['1'], act: 'tag' }, 'POST /audiences/selections': { user: ['1'] }, 'POST /users/:id/fields/:ref': { value: 'Paris' }, 'PATCH /users/:id/fields/:ref': { value: 'Paris' }, 'POST /users/:id/edit': { 'value-city': 'Paris' },
    'POST /users/:id/returns': { field: 'attribute:city' }, 'POST /users/:id/taggings': { back: '/users', '+choice': `${likes} add golf`, act: 'save' }, 'POST /users/selections/:id/return': { back: '/users', field: 'attribute:city', act: 'save' },
    'POST /users/selections/:id/tagging': { back: '/users', act: 'save', policy: 'keep', group: 'none', tag: likes, mode: 'add', value: 'golf' }, 'POST /users/columns': { column: ['attribute:city'], act: 'save' }, 'POST /users/exports': { act: 'export', item: ['user_id', 'attribute:city'] },
    'POST /pushes/new': { type: 'MOBILE', act: 'start', every: '', subject: 'Hello', text: 'To all' }
  }
}

const state = 'it is not in the state for that'
/** Where a form is refused though all of it is right. */
export const notNow: Record<string, { status: number; because: string }> = {
  'POST /two-step': { status: 422, because: 'the code is another every half minute' }, 'POST /two-step/recovery-codes': { status: 422, because: 'the second step is off' }, 'POST /two-step/end': { status: 422, because: 'the second step is off' },
  'POST /users/exports': { status: 422, because: 'three exports wait already: else the page would wait for each to be made' }, 'POST /settings/destinations/:id/test-mail': { status: 422, because: 'no mail server is there' },
  'POST /settings/roles/:id/deletion': { status: 409, because: 'somebody holds it' }, 'POST /settings/connections/:id/removal': { status: 409, because: 'a source is read from it' }, 'POST /audiences/:id/ownership': { status: 409, because: 'its owner is there' },
  'POST /pushes/:id/runs/:run/continuation': { status: 409, because: state }, 'POST /pushes/:id/runs/:run/repetition': { status: 409, because: state }, 'POST /settings/jobs/:id/retry': { status: 409, because: state }
}

const value = 'a long text'
const tagged = { value: 'a value of a tag' }
const connection = { host: 'a name of a host', database: 'a name of a database', user: 'a name of a user' }
const columns = { alias: 'a name of a source', nn: 'a name of a tag', gn: 'names of tag groups', xn: 'a description of a tag', vn: 'values that stand for none' }

/** Fields that keep what was thrown, each with what it is; '*': wherever it is asked for. Only a long text may be long. */
export const taken: Record<string, Record<string, string>> = {
  '*': { name: 'a name of anything', description: 'what people say of it' },
  'POST /users/:id/fields/:ref': { value }, 'PATCH /users/:id/fields/:ref': { value }, 'POST /users/:id/edit': { 'value-…': value, 'value-shoe_size': 'a number' }, 'POST /users/:id/taggings': tagged, 'POST /users/selections/:id/tagging': tagged,
  'POST /settings/connections': connection, 'POST /settings/connections/:id': connection, 'POST /settings/id-types': { code: 'a word' }, 'POST /settings/attributes': { code: 'a word' },
  'POST /settings/sources/uploads/:upload/import': columns, 'POST /settings/sources/:id/structure': { ...columns, dn: 'what stands between values' }, 'POST /settings/roles/:id/rows/:source': { where: 'conditions, with what they compare' },
  'POST /settings/destinations': { host: 'a name of a host', topic: 'a name of a topic', clientId: 'a name of a program', secret: 'a secret, which is kept sealed' }, 'POST /settings/destinations/:id': { host: 'a name of a host' },
  'POST /pushes/new': { reach: 'whatever it says, it is a text to people', subject: 'a text to people', text: value }
}
