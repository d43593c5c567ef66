import type { Role } from '../../access/role.ts'
import { formatNumber } from '../../format.ts'
import type { Own } from '../own.ts'

export type Tab = 'permissions' | 'data' | 'rows' | 'operators'

/** What stands around every part of a role: the list of all, its name with what can be done to it, and its tabs. */
export interface FrameModel {
  roles: { href: string; name: string; count: string; current: boolean }[]
  name: string; description: string; pills: string[]
  editHref: string; copyHref: string; deleteHref: string
  /** Where looking through its eyes begins, or ''. */
  seeAs: string
  tabs: { label: string; href: string; current: boolean; count: string }[]
  /** Why nothing can be changed here, or ''. */
  fixed: string
}

/** What of all roles is needed to show one. */
export interface AllRoles { roles: readonly Role[]; holders: ReadonlyMap<number, number>; own: Own; seeing: boolean }

const tabs: readonly { tab: Tab; label: string; path: string }[] = [
  { tab: 'permissions', label: 'Permissions', path: '' }, { tab: 'data', label: 'Data', path: '/data' }, { tab: 'rows', label: 'Rows', path: '/rows' }, { tab: 'operators', label: 'Operators', path: '/operators' }
]

export function frameModel({ roles, holders, own, seeing }: AllRoles, role: Role, tab: Tab): FrameModel {
  const path = tabs.find((one) => one.tab === tab)!.path
  const at = `/settings/roles/${role.id}`
  const fixed = fixedBecause(own, role, seeing)
  const count = (id: number) => formatNumber(holders.get(id) ?? 0)
  return {
    roles: roles.map((one) => ({ href: `/settings/roles/${one.id}${path}`, name: one.name, count: count(one.id), current: one.id === role.id })),
    name: role.name, description: role.description, pills: [...(role.isDefault ? ['default for new operators'] : []), ...(role.needsTwoStep ? ['needs two-step sign-in'] : [])],
    editHref: !fixed || (role.administrator && own.administrator && !seeing) ? `${at}/edit` : '', copyHref: role.administrator || seeing ? '' : `/settings/roles/new?from=${role.id}`, deleteHref: fixed ? '' : `${at}/deletion`,
    seeAs: own.administrator && !seeing && !role.administrator ? `/see-as/${role.id}` : '',
    tabs: tabs.map((one) => ({ label: one.label, href: `${at}${one.path}`, current: one.tab === tab, count: one.tab === 'operators' ? count(role.id) : '' })),
    fixed
  }
}

function fixedBecause(own: Own, role: Role, seeing: boolean): string {
  if (role.administrator) return 'The Administrator role may do and see everything, what comes later included. That cannot be changed.'
  if (seeing) return 'You look through the eyes of a role, and can change nothing meanwhile.'
  return !own.administrator && own.roleIds.includes(role.id) ? 'You hold this role yourself. Only an administrator can change it.' : ''
}
