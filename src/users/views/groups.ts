import type { Access } from '../../access/access.ts'
import type { May } from '../../access/permissions.ts'
import { formatCount } from '../../format.ts'
import { formatMinute } from '../format-value.ts'
import type { Membership } from '../queries/memberships.ts'

export interface GroupAction { label: string; href: string }

/** An audience that a user is in. `actions`: what can be done from here for this user or for all of it. */
export interface GroupLineModel { id: number; name: string; href: string; facts: string; since: string; actions: GroupAction[] }

/** The tab Group: audiences that the operator may know of and the user is in, by name. */
export function groupLines(access: Access, memberships: readonly Membership[], timeZone: string, userId: string, may: May): GroupLineModel[] {
  const since = new Map(memberships.map((one) => [one.audienceId, one.since]))
  return access.audiences.flatMap((audience): GroupLineModel[] => {
    const at = since.get(audience.id)
    if (!at) return []
    const size = access.everyUser ? formatCount(audience.size, 'member') : ''
    return [{ id: audience.id, name: audience.name, href: `/audiences/${audience.id}`, facts: [audience.shared ? 'shared' : 'private', size].filter(Boolean).join(', '), since: formatMinute(at, timeZone), actions: groupActions(audience.id, userId, may) }]
  })
}

/** Reach and Push, for this user alone or for all of it: their form asks which. */
function groupActions(audienceId: number, userId: string, may: May): GroupAction[] {
  const at = `/pushes/new?audience=${audienceId}&user=${userId}`
  return [...(may('audiences.reach') ? [{ label: 'Reach', href: `${at}&reach=1` }] : []), ...(may('audiences.push') ? [{ label: 'Push', href: at }] : [])]
}
