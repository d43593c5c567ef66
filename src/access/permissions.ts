/**
 * The closed list of what a role may do, as the tree in which roles are edited. A route names one of these permissions,
 * or 'public', or 'signed_in'.
 */
export const permissionTree = [
  {
    name: 'User insight',
    inside: [
      {
        name: 'User list',
        inside: [{
          name: 'User 360',
          inside: [
            { permission: 'user_360.view', name: 'View', says: 'find users and open their profiles' },
            { permission: 'user_360.column_display', name: 'Column display', says: 'choose the tags shown in the list, for everyone' },
            { permission: 'user_360.edit', name: 'Edit', says: 'change attributes and tag values of one user' },
            { permission: 'user_360.tag', name: 'Tag', says: 'set tags of one user' },
            { permission: 'user_360.batch_tag', name: 'Batch tag', says: 'set tags of many users at once' },
            { permission: 'user_360.export', name: 'Export', says: 'download users as a file' },
            { permission: 'user_360.undo', name: 'Undo', says: 'take back edits, taggings and batches' },
            { permission: 'user_360.erase', name: 'Erase', says: 'remove everything known of a person, for good' }
          ]
        }]
      },
      {
        name: 'Tags',
        inside: [
          { permission: 'tags.view', name: 'View', says: 'see the list of tags and their values' },
          { permission: 'tags.manage', name: 'Manage', says: 'name, group and describe tags' }
        ]
      },
      {
        name: 'Audiences',
        inside: [
          { permission: 'audiences.view', name: 'View', says: 'see own and shared groups of users' },
          { permission: 'audiences.manage', name: 'Manage', says: 'make, change, copy and delete groups of users' },
          { permission: 'audiences.push', name: 'Push', says: 'send a group to a destination' },
          { permission: 'audiences.reach', name: 'Reach', says: 'write e-mails and messages to a group' },
          { permission: 'audiences.download', name: 'Download', says: 'download the users of a group as a file' }
        ]
      }
    ]
  },
  {
    name: 'Configuration',
    inside: [
      { permission: 'sources', name: 'Sources', says: 'see and change the structure of sources' },
      { permission: 'imports', name: 'Imports', says: 'upload files, start, cancel and undo runs' },
      { permission: 'connections', name: 'Connections', says: 'set up other databases, see what they hold, and make sources of their tables' },
      { permission: 'id_types', name: 'ID types', says: 'change what identifies a user' },
      { permission: 'attributes', name: 'Attributes', says: 'define attributes and where they come from' },
      { permission: 'operators', name: 'Operators', says: 'add people, switch them off and remove them' },
      { permission: 'roles', name: 'Roles', says: 'change what roles may do and see' },
      { permission: 'destinations', name: 'Destinations', says: 'set up where groups of users can be sent' },
      { permission: 'exports', name: 'Exports', says: 'see who exported what' },
      { permission: 'jobs', name: 'Jobs', says: 'see and cancel the jobs of others, and have them begin anew' },
      { permission: 'history', name: 'History', says: 'see what everyone did' },
      { permission: 'tokens', name: 'Tokens', says: 'make tokens for programs that use the API' }
    ]
  }
] as const satisfies readonly PermissionGroup[]

/** A leaf of the tree: one thing that a role may do. */
export interface PermissionPoint { permission: string; name: string; says: string }
export interface PermissionGroup { name: string; inside: readonly (PermissionGroup | PermissionPoint)[] }

type PermissionsIn<T> = T extends { permission: infer P } ? P : T extends { inside: readonly (infer I)[] } ? PermissionsIn<I> : never
export type Permission = PermissionsIn<(typeof permissionTree)[number]> & string
/** 'a or b': either will do. */
export type RoutePermission = Permission | `${Permission} or ${Permission}` | 'signed_in' | 'public'
/** What the operator of a request may do, for what is offered on pages. */
export type May = (permission: Permission) => boolean

function pointsIn(node: PermissionGroup | PermissionPoint, path: string[]): [Permission, string[]][] {
  const here = [...path, node.name]
  return 'permission' in node ? [[node.permission as Permission, here]] : node.inside.flatMap((inner) => pointsIn(inner, here))
}

const paths = new Map(permissionTree.flatMap((node) => pointsIn(node, [])))

/** Every permission, in the order of the tree. */
export const permissions: readonly Permission[] = [...paths.keys()]

/** Where a permission stands in the tree, in words: "User insight > User list > User 360 > Export". */
export function permissionPath(permission: RoutePermission): string {
  return permission.split(' or ').map((one) => paths.get(one as Permission)?.join(' > ') ?? one).join(' or ')
}

export function isPermission(text: string): text is Permission {
  return paths.has(text as Permission)
}

/** May somebody with these permissions do this? Asked here and nowhere else. */
export function may(who: { permissions: ReadonlySet<Permission> }, permission: RoutePermission): boolean {
  return permission === 'public' || permission === 'signed_in' || permission.split(' or ').some((one) => who.permissions.has(one as Permission))
}
