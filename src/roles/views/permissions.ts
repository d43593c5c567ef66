import { permissionTree, type Permission, type PermissionGroup, type PermissionPoint } from '../../access/permissions.ts'
import type { Role } from '../../access/role.ts'
import { formatCount } from '../../format.ts'
import { seenOf } from '../role-state.ts'
import { frameModel, type AllRoles, type FrameModel } from './frame.ts'

/** A branch of the tree, or one of its leaves: one of the two is null. */
export interface NodeModel {
  group: { name: string; count: string; inside: NodeModel[] } | null
  point: { permission: string; name: string; says: string; checked: boolean; disabled: boolean } | null
}

export interface PermissionsModel { frame: FrameModel; action: string; seen: string; tree: NodeModel[]; holds: string; problem: string }

export function permissionsModel(all: AllRoles, role: Role, problem = ''): PermissionsModel {
  const frame = frameModel(all, role, 'permissions')
  const has = (permission: string) => role.administrator || role.permissions.has(permission as Permission)
  const fixed = (permission: string) => frame.fixed !== '' || !all.own.permissions.has(permission as Permission)
  return {
    frame, action: `/settings/roles/${role.id}/permissions`, seen: seenOf.permissions(role), problem, tree: permissionTree.map((node) => nodeModel(node, has, fixed)),
    holds: `Holds at once for ${formatCount(all.holders.get(role.id) ?? 0, 'operator')}.${!frame.fixed && !all.own.administrator ? ' You can give what you hold yourself.' : ''}`
  }
}

function nodeModel(node: PermissionGroup | PermissionPoint, has: (permission: string) => boolean, fixed: (permission: string) => boolean): NodeModel {
  if ('permission' in node) return { group: null, point: { ...node, checked: has(node.permission), disabled: fixed(node.permission) } }
  const points = pointsIn(node)
  return { point: null, group: { name: node.name, count: `${points.filter((point) => has(point.permission)).length} of ${points.length}`, inside: node.inside.map((inner) => nodeModel(inner, has, fixed)) } }
}

function pointsIn(node: PermissionGroup | PermissionPoint): PermissionPoint[] {
  return 'permission' in node ? [node] : node.inside.flatMap(pointsIn)
}
