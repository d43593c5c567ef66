import { permissionTree, permissions as everyPermission, type Permission, type PermissionGroup, type PermissionPoint } from '../access/permissions.ts'
import { formatCount, formatTime } from '../format.ts'
import { formFields, type FormField } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import { lifetimes, type TokenInput } from './forms.ts'
import type { Token } from './queries.ts'

/** A branch of the tree of permissions, or one of its leaves: one of the two is null. */
export interface NodeModel {
  group: { name: string; count: string; inside: NodeModel[] } | null
  point: { permission: string; name: string; says: string; checked: boolean; disabled: boolean } | null
}

export interface TokenRow { name: string; prefix: string; who: string; may: string; mayAll: string; lastUsed: string; until: string; state: { text: string; tone: '' | 'good' | 'warn' }; withdrawal: string }

export interface TokensModel {
  /** A token that was just made: shown this once. */
  made: { name: string; secret: string } | null
  own: TokenRow[]
  /** Null for who is no administrator. */
  others: TokenRow[] | null
  form: { open: boolean; fields: FormField[]; tree: NodeModel[]; problem: string }
}

declare module '../http/views.ts' {
  interface Views { 'tokens/list': TokensModel }
}

export interface TokensPage { own: Token[]; others: Token[] | null; held: ReadonlySet<Permission>; timeZone: string; now: Date }

export function tokensModel({ own, others, held, timeZone, now }: TokensPage, input: TokenInput, messages: FieldMessages = {}, made: TokensModel['made'] = null): TokensModel {
  const row = (token: Token) => rowOf(token, held, timeZone, now)
  return {
    made, own: own.map(row), others: others && others.map((token) => rowOf(token, null, timeZone, now)),
    form: {
      open: Object.keys(messages).length > 0 || (own.length === 0 && !made), problem: messages['permission'] ?? '',
      fields: formFields([
        { id: 'name', label: 'Name', value: input.name, help: 'What the program is that uses it.' },
        { id: 'days', label: 'Works for', control: 'select', value: String(input.days ?? ''), options: lifetimes.map((days) => ({ value: String(days), label: days === 365 ? '1 year' : `${days} days` })), help: 'Make another before it ends; you can withdraw it at any time.' }
      ], messages),
      tree: permissionTree.flatMap((node) => nodeModel(node, held, new Set(input.permissions)))
    }
  }
}

function rowOf(token: Token, held: ReadonlySet<Permission> | null, timeZone: string, now: Date): TokenRow {
  const lost = held ? token.permissions.filter((permission) => !held.has(permission)).length : 0
  return {
    name: token.name, prefix: `${token.prefix}…`, who: token.operator, may: token.permissions.length === everyPermission.length ? 'everything' : formatCount(token.permissions.length, 'permission'), mayAll: `${token.permissions.map(nameOf).join(', ')}${lost ? `; ${lost} of them you do not hold any more` : ''}`,
    lastUsed: token.lastUsedAt ? formatTime(token.lastUsedAt, timeZone) : '', until: formatTime(token.expiresAt, timeZone), state: stateOf(token, now), withdrawal: `/tokens/${token.id}/withdrawal`
  }
}

function stateOf(token: Token, now: Date): TokenRow['state'] {
  if (token.expiresAt <= now) return { text: 'expired', tone: '' }
  if (token.operatorOff) return { text: 'operator off', tone: '' }
  return token.expiresAt.getTime() - now.getTime() < 7 * 86_400_000 ? { text: 'ends soon', tone: 'warn' } : { text: 'works', tone: 'good' }
}

const names = new Map(everyPermissionWithGroup(permissionTree, ''))

function everyPermissionWithGroup(nodes: readonly (PermissionGroup | PermissionPoint)[], group: string): [string, string][] {
  return nodes.flatMap((node) => ('permission' in node ? [[node.permission, group === 'Configuration' ? node.name : `${group}: ${node.name}`] as [string, string]] : everyPermissionWithGroup(node.inside, node.name)))
}

function nameOf(permission: Permission): string {
  return names.get(permission) ?? permission
}

/** Only what the operator holds can be given, so nothing else is shown. */
function nodeModel(node: PermissionGroup | PermissionPoint, held: ReadonlySet<Permission>, chosen: ReadonlySet<Permission>): NodeModel[] {
  if ('permission' in node) return held.has(node.permission as Permission) ? [{ group: null, point: { ...node, checked: chosen.has(node.permission as Permission), disabled: false } }] : []
  const inside = node.inside.flatMap((inner) => nodeModel(inner, held, chosen))
  const points = pointsIn(inside)
  return inside.length ? [{ point: null, group: { name: node.name, count: `${points.filter(({ checked }) => checked).length} of ${points.length}`, inside } }] : []
}

function pointsIn(nodes: readonly NodeModel[]): NonNullable<NodeModel['point']>[] {
  return nodes.flatMap(({ group, point }) => (point ? [point] : pointsIn(group?.inside ?? [])))
}
