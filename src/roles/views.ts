import type { DataModel } from './views/data.ts'
import type { DeletionModel, OperatorsModel, RoleModel } from './views/role.ts'
import type { PermissionsModel } from './views/permissions.ts'
import type { RowConditionModel, RowsModel } from './views/rows.ts'

declare module '../http/views.ts' {
  interface Views {
    'roles/permissions': PermissionsModel
    'roles/data': DataModel
    'roles/rows': RowsModel
    'roles/row-condition': RowConditionModel
    'roles/operators': OperatorsModel
    'roles/role': RoleModel
    'roles/deletion': DeletionModel
  }
}
