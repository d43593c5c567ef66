import type { Role } from '../../access/role.ts'
import { formFields, type FormField } from '../../form.ts'
import { formatTime } from '../../format.ts'
import type { FieldMessages } from '../../problem.ts'
import { mayChange, notChanged, type Authority } from '../authority.ts'
import { rolesOf } from '../change-accounts.ts'
import type { AccountRow } from '../queries/accounts.ts'
import type { LinksShown } from './added.ts'
import { accountFields, roleTicks, type RoleTicks } from './forms.ts'
import { stateOf, type State } from './list.ts'

export interface OperatorModel {
  name: string; email: string; state: State
  facts: { label: string; value: string }[]
  /** Null where this operator may only look. */
  form: { action: string; fields: FormField[]; roles: RoleTicks } | null
  /** Why nothing can be changed, or ''. */
  closed: string
  /** Where to see what goes and what stays when it is removed; '' where that cannot be done. */
  removalUrl: string; removalSays: string
  acts: { action: string; label: string; says: string; fields: { name: string; value: string }[] }[]
  /** A link that was just made. */
  shown: LinksShown | null
}

declare module '../../http/views.ts' {
  interface Views { 'operators/operator': OperatorModel }
}

export interface OperatorPage { account: AccountRow; roles: readonly Role[]; who: Authority; timeZone: string }

export function operatorModel({ account, roles, who, timeZone }: OperatorPage, input: { name: string; email: string; roleIds: readonly number[] } = account, messages: FieldMessages = {}, shown: LinksShown | null = null): OperatorModel {
  const path = `/settings/operators/${account.id}`
  const held = rolesOf(roles, account.roleIds)
  const open = mayChange(who, held)
  return {
    name: account.name, email: account.email, state: stateOf(account), shown,
    facts: [
      { label: 'Last seen', value: account.lastSeen ? formatTime(account.lastSeen, timeZone) : 'never' },
      { label: 'Password', value: account.hasPassword ? 'set' : 'not set yet' },
      ...(account.linkUntil ? [{ label: 'One-time link', value: `can be used until ${formatTime(account.linkUntil, timeZone)}` }] : []),
      { label: 'Two-step sign-in', value: account.twoStep ? 'on' : held.some((role) => role.needsTwoStep) ? 'off; asked for at the next page they open' : 'off' },
      ...(open ? [] : [{ label: 'Roles', value: held.map((role) => role.name).join(', ') || 'none' }])
    ],
    form: open ? { action: path, fields: formFields(accountFields(input, account.linkUntil ? 'They sign in with it. A new one ends the one-time link.' : 'They sign in with it.'), messages), roles: roleTicks(roles, who, input.roleIds, messages['role']) } : null,
    closed: open ? '' : notChanged, acts: open ? actsOn(account, who, path) : [], removalUrl: open && account.id !== who.id ? `${path}/removal` : '', removalSays: `For good. Shows first what goes and what stays${account.disabled ? ', and audiences that can be taken over' : ''}.`
  }
}

function actsOn(account: AccountRow, who: Authority, path: string): OperatorModel['acts'] {
  const own = account.id === who.id
  const act = (to: string, label: string, says: string, fields: OperatorModel['acts'][number]['fields'] = []) => ({ action: `${path}/${to}`, label, says, fields })
  if (account.disabled) return [act('switch', 'Switch on again', 'With the password and the roles they had.', [{ name: 'on', value: 'on' }])]
  return [
    act('invitations', 'New one-time link', account.hasPassword ? 'For a forgotten password. The old one holds until the link is used.' : 'The one before is worth nothing any more.'),
    act('sign-out', 'Sign out everywhere', own ? 'Here as well.' : 'Ends all their sessions; they can sign in again.'),
    ...(account.twoStep && who.administrator && !own ? [act('two-step-reset', 'Reset two-step sign-in', 'For a lost phone. Signs them out everywhere; the password alone is enough then.')] : []),
    ...(own ? [] : [act('switch', 'Switch off', 'Signed out at once, and cannot sign in. Everything they did stays.')])
  ]
}
