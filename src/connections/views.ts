import { formFields, type FormField } from '../form.ts'
import { formatCount } from '../format.ts'
import type { Samples } from '../http/views.ts'
import type { FieldMessages } from '../problem.ts'
import { placeInWords, type Connection } from './connection.ts'
import { connectionFields, typedOf, type TypedConnection } from './forms.ts'

export interface ConnectionLine { href: string; name: string; place: string; user: string; tls: string; sources: { href: string; alias: string }[]; tablesUrl: string }
export interface ConnectionsModel { facts: string; connections: ConnectionLine[] }
export interface ConnectionModel {
  heading: string; facts: string; action: string; testUrl: string; fields: FormField[]; problem: string
  /** What the test found. */
  tested: { tone: '' | 'bad'; words: string } | null
  tablesUrl: string; removal: { action: string; refusal: string } | null
}

declare module '../http/views.ts' {
  interface Views { 'connections/list': ConnectionsModel; 'connections/connection': ConnectionModel; 'connections/_tested': Pick<ConnectionModel, 'tested'> }
}

type Use = { connectionId: number; sourceId: number; alias: string }

/** `makesSources`: whether who asks may make sources of tables. */
export function connectionsModel(connections: readonly Connection[], uses: readonly Use[], makesSources: boolean): ConnectionsModel {
  return {
    facts: connections.length ? formatCount(connections.length, 'database') : '',
    connections: connections.map((one) => ({
      href: `/settings/connections/${one.id}`, name: one.name, place: placeInWords(one), user: one.user, tls: one.tls ? 'TLS' : 'not encrypted',
      sources: uses.filter((use) => use.connectionId === one.id).map((use) => ({ href: `/settings/sources/${use.sourceId}`, alias: use.alias })), tablesUrl: makesSources ? `/settings/sources/from/${one.id}` : ''
    }))
  }
}

export interface ConnectionState { kept: Connection | null; typed?: TypedConnection; messages?: FieldMessages; problem?: string; tested?: { works: boolean; words: string }; uses?: number; makesSources: boolean }

export function connectionModel({ kept, typed = typedOf(kept), messages = {}, problem = '', tested, uses = 0, makesSources }: ConnectionState): ConnectionModel {
  const url = kept ? `/settings/connections/${kept.id}` : '/settings/connections'
  return {
    heading: kept?.name ?? 'New connection', facts: kept ? placeInWords(kept) : 'A PostgreSQL database whose tables become sources', action: url, testUrl: kept ? `${url}/test` : '/settings/connections/test',
    fields: connectionFields(typed, { kept: kept?.password != null, typed: typed.password !== '' }, messages), problem, tested: tested ? { tone: tested.works ? '' : 'bad', words: tested.words } : null,
    tablesUrl: kept && makesSources ? `/settings/sources/from/${kept.id}` : '', removal: kept ? { action: `${url}/removal`, refusal: uses ? `${formatCount(uses, 'source')} ${uses === 1 ? 'is' : 'are'} read from it: remove ${uses === 1 ? 'it' : 'them'} first.` : '' } : null
  }
}

const line: ConnectionLine = { href: '/settings/connections/1', name: 'CRM', place: 'crm at db.example.com', user: 'reader', tls: 'TLS', sources: [{ href: '/settings/sources/4', alias: 'Members' }, { href: '/settings/sources/5', alias: 'Orders' }], tablesUrl: '/settings/sources/from/1' }
const fields = formFields([{ id: 'name', label: 'Name', value: 'CRM' }])
const known: ConnectionModel = {
  heading: 'CRM', facts: 'crm at db.example.com', action: '/settings/connections/1', testUrl: '/settings/connections/1/test', fields, problem: '', tested: { tone: '', words: 'It works.' }, tablesUrl: '/settings/sources/from/1', removal: { action: '/settings/connections/1/removal', refusal: '' }
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'connections/list': [{ facts: '2 databases', connections: [line, { ...line, href: '/settings/connections/2', name: 'Shop', sources: [], tablesUrl: '' }] }, { facts: '', connections: [] }],
  'connections/_tested': known,
  'connections/connection': [known, { ...known, removal: { action: '', refusal: '1 source is read from it: remove it first.' } }, { ...known, problem: 'It cannot be saved.', tested: { tone: 'bad', words: 'Nothing answers.' }, tablesUrl: '', removal: null }]
}
