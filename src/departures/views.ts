import type { Role } from '../access/role.ts'
import { formatTime } from '../format.ts'
import type { Samples } from '../http/views.ts'
import { mayChange, notChanged, type Authority } from '../operators/authority.ts'
import { rolesOf } from '../operators/change-accounts.ts'
import type { AccountRow } from '../operators/queries/accounts.ts'
import { goesOf, staysOf, type Belongings } from './belongings.ts'
import { notYourself } from './remove-operator.ts'

export interface RemovalModel {
  heading: string; facts: string; backUrl: string; back: string
  goes: string[]; stays: string[]
  /** '' where it cannot be done. */
  action: string
  /** Why it cannot be done, or that it was; else ''. */
  closed: string
}

declare module '../http/views.ts' {
  interface Views { 'departures/removal': RemovalModel }
}

export interface RemovalPage { account: AccountRow; roles: readonly Role[]; who: Authority; belongings: Belongings; timeZone: string }

/** Asks whether an operator shall be removed, or says what a removed one left. `refused`: why it was not done just now. */
export function removalModel({ account, roles, who, belongings, timeZone }: RemovalPage, refused = ''): RemovalModel {
  const { id, name, removedAt } = account
  const held = rolesOf(roles, account.roleIds)
  const closed = removedAt ? `${name} was removed, ${formatTime(removedAt, timeZone)}, and cannot sign in any more.` : refused || (id === who.id ? notYourself : mayChange(who, held) ? '' : notChanged)
  return {
    heading: removedAt ? name : `Remove ${name}?`, facts: removedAt ? 'removed' : account.email,
    backUrl: removedAt ? '/settings/operators' : `/settings/operators/${id}`, back: removedAt ? 'Operators' : 'Back',
    goes: removedAt ? [] : [
      `The password and every session: ${name} is signed out at once, everywhere.`,
      ...(account.twoStep ? ['Two-step sign-in, with its recovery codes.'] : []), ...(account.linkUntil ? ['The one-time link.'] : []),
      ...(held.length ? [`Roles: ${held.map((role) => role.name).join(', ')}.`] : []), ...goesOf(belongings), `The account of ${account.email}: the address is free for a new one, which begins with nothing.`
    ],
    stays: staysOf(name, belongings), action: closed ? '' : `/settings/operators/${id}/removal`, closed
  }
}

const model: RemovalModel = {
  heading: 'Remove Zhao Min?', facts: 'zhao@example.com', backUrl: '/settings/operators/2', back: 'Back', goes: ['The password and every session.', 'Roles: Analyst.'], stays: staysOf('Zhao Min', { sharedAudiences: 2, privateAudiences: 1, pushes: 1, tokens: 1, sources: 3, schedules: 1, files: 0, jobs: 1 }),
  action: '/settings/operators/2/removal', closed: ''
}

/** Models for each view, to render it alone. */
export const samples: Samples = { 'departures/removal': [model, { ...model, heading: 'Zhao Min', facts: 'removed', backUrl: '/settings/operators', back: 'Operators', goes: [], action: '', closed: 'Zhao Min was removed.' }] }
