import type { Role } from '../access/role.ts'
import type { Audience } from '../audiences/audience.ts'
import { stateLabel, stateLabels, type StateLabel } from '../audiences/labels.ts'
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
  /** Private audiences of somebody who is gone, for administrators. */
  audiences: { name: string; state: StateLabel; takeOverUrl: string; deletionUrl: string }[]
  /** '' where it cannot be done. */
  action: string
  /** Why it cannot be done, or that it was; else ''. */
  closed: string
}

declare module '../http/views.ts' {
  interface Views { 'departures/removal': RemovalModel }
}

export interface RemovalPage { account: AccountRow; roles: readonly Role[]; who: Authority; belongings: Belongings; audiences: readonly Audience[]; timeZone: string }

/** Asks whether an operator shall be removed, or says what a removed one left. `refused`: why it was not done just now. */
export function removalModel({ account, roles, who, belongings, audiences, timeZone }: RemovalPage, refused = ''): RemovalModel {
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
    stays: staysOf(name, belongings), audiences: audiences.map((one) => ({ name: one.name, state: stateLabel(one), takeOverUrl: `/audiences/${one.id}/ownership`, deletionUrl: `/audiences/${one.id}/deletion` })), action: closed ? '' : `/settings/operators/${id}/removal`, closed
  }
}

const model: RemovalModel = {
  heading: 'Remove Zhao Min?', facts: 'zhao@example.com', backUrl: '/settings/operators/2', back: 'Back', goes: ['The password and every session.', 'Roles: Analyst.'], stays: staysOf('Zhao Min', { sharedAudiences: 2, privateAudiences: 1, pushes: 1, tokens: 1, sources: 3, schedules: 1, files: 0, jobs: 1 }),
  audiences: [], action: '/settings/operators/2/removal', closed: ''
}

/** Models for each view, to render it alone. */
export const samples: Samples = { 'departures/removal': [model, { ...model, heading: 'Zhao Min', facts: 'removed', backUrl: '/settings/operators', back: 'Operators', goes: [], audiences: [{ name: 'Gold in Berlin', state: stateLabels.paused, takeOverUrl: '/audiences/3/ownership', deletionUrl: '/audiences/3/deletion' }, { name: 'Tea', state: stateLabels.built, takeOverUrl: '/audiences/4/ownership', deletionUrl: '/audiences/4/deletion' }, { name: 'New', state: stateLabels.new, takeOverUrl: '/audiences/5/ownership', deletionUrl: '/audiences/5/deletion' }], action: '', closed: 'Zhao Min was removed.' }] }
