import type { Role } from '../../access/role.ts'
import { formatCount, formatTime } from '../../format.ts'
import type { AccountRow } from '../queries/accounts.ts'

export interface State { text: string; tone: '' | 'good' | 'warn' }
export interface OperatorRow { href: string; name: string; email: string; roles: string; lastSeen: string; state: State; twoStep: boolean }
export interface OperatorsModel { facts: string; q: string; rows: OperatorRow[]; alone: boolean; empty: string; firstUrl: string; nextUrl: string }

declare module '../../http/views.ts' {
  interface Views { 'operators/list': OperatorsModel }
}

const path = '/settings/operators'

export function operatorsModel(page: { rows: AccountRow[]; next: string | null; later: boolean; counts: { all: number; disabled: number } }, q: string, roles: readonly Role[], timeZone: string): OperatorsModel {
  const { all, disabled } = page.counts
  const address = (after: string) => { const query = new URLSearchParams({ ...(q ? { q } : {}), ...(after ? { after } : {}) }).toString(); return query ? `${path}?${query}` : path }
  return {
    facts: [formatCount(all, 'operator'), disabled ? `${disabled} switched off` : ''].filter(Boolean).join(', '), q,
    rows: page.rows.map((row) => ({
      href: `${path}/${row.id}`, name: row.name, email: row.email, roles: roles.filter((role) => row.roleIds.includes(role.id)).map((role) => role.name).join(', '),
      lastSeen: row.lastSeen ? formatTime(row.lastSeen, timeZone) : '', state: stateOf(row), twoStep: row.twoStep
    })),
    alone: all === 1 && !q && !page.later, empty: q ? `Nobody has “${q}” in their name or e-mail.` : 'Nobody comes after this.',
    firstUrl: page.later ? address('') : '', nextUrl: page.next ? address(page.next) : ''
  }
}

/** Whether somebody can sign in, and if not, why. */
export function stateOf(row: Pick<AccountRow, 'disabled' | 'hasPassword' | 'linkUntil' | 'removedAt'>): State {
  if (row.removedAt) return { text: 'removed', tone: '' }
  if (row.disabled) return { text: 'switched off', tone: '' }
  if (row.hasPassword) return { text: 'active', tone: 'good' }
  return row.linkUntil ? { text: 'invited', tone: '' } : { text: 'link too old', tone: 'warn' }
}
