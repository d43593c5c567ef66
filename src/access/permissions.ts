/** The closed list of what a role may do. A route names one of these, or 'public', or 'signed_in'. */
export const permissions = [
  'user_360.view', 'user_360.column_display', 'user_360.edit', 'user_360.tag', 'user_360.batch_tag', 'user_360.undo', 'tags.view', 'tags.manage',
  'sources', 'imports', 'id_types', 'attributes', 'jobs', 'history'
] as const

export type Permission = (typeof permissions)[number]
export type RoutePermission = Permission | 'signed_in' | 'public'

export type Role = 'administrator'

/** One role for now; what it may do is asked here and nowhere else. */
export function roleMay(role: string, permission: RoutePermission): boolean {
  return permission === 'public' || permission === 'signed_in' || role === 'administrator'
}
