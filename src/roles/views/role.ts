import type { Role } from '../../access/role.ts'
import { formFields, type FormField } from '../../form.ts'
import { formatCount, formatTime } from '../../format.ts'
import type { FieldMessages } from '../../problem.ts'
import type { DetailsInput } from '../forms.ts'
import type { RoleHolder } from '../queries.ts'
import { deletionRefusal } from '../remove-role.ts'
import { frameModel, type AllRoles, type FrameModel } from './frame.ts'

/** The form of a new role, of a copy, or of the name and the rules of one that is there. */
export interface RoleModel { heading: string; text: string; action: string; submit: string; backUrl: string; seen: string; from: string; fields: FormField[]; problem: string }
export interface DeletionModel { heading: string; text: string; action: string; allowed: boolean; backUrl: string }
export interface OperatorsModel { frame: FrameModel; rows: { name: string; href: string; email: string; off: boolean; lastSeen: string }[]; more: string }

const texts = (input: DetailsInput, fixed: boolean) => [
  { id: 'name', label: 'Name', value: input.name, disabled: fixed, help: fixed ? 'This role keeps its name.' : '' },
  { id: 'description', label: 'Description', control: 'textarea' as const, value: input.description, disabled: fixed, help: fixed ? '' : 'Whom it is for, in a line.' }
]

export function newRoleModel(from: Role | undefined, input: DetailsInput, messages: FieldMessages = {}): RoleModel {
  return {
    heading: from ? `Copy ${from.name}` : 'New role', action: '/settings/roles', submit: from ? 'Add the copy' : 'Add the role', backUrl: from ? `/settings/roles/${from.id}` : '/settings/roles', seen: '', from: from ? String(from.id) : '', problem: '',
    text: from ? `The copy may do and see what ${from.name} does. Nobody holds it yet.` : 'It may do and see nothing at first. Nobody holds it yet.', fields: formFields(texts(input, false), messages)
  }
}

export function editRoleModel(role: Role, input: DetailsInput, messages: FieldMessages = {}, problem = ''): RoleModel {
  return {
    heading: role.name, action: `/settings/roles/${role.id}`, submit: 'Save', backUrl: `/settings/roles/${role.id}`, seen: input.seen, from: '', problem, text: '',
    fields: formFields([
      ...texts(input, role.administrator),
      ...(role.administrator ? [] : [{ id: 'isDefault', label: 'New operators', control: 'switch' as const, checked: input.isDefault, value: 'Get this role', help: 'One role is the default. Where none is, a role is chosen for each.' }]),
      { id: 'needsTwoStep', label: 'Signing in', control: 'switch' as const, checked: input.needsTwoStep, value: 'Needs two steps', help: 'Who holds it signs in with a password and a code of an authenticator app.' }
    ], messages)
  }
}

export function deletionModel(role: Role, holders: number): DeletionModel {
  const refusal = deletionRefusal(role, holders)
  return { heading: `Delete ${role.name}`, text: refusal || 'Nobody holds this role. Its permissions and grants go with it; the history keeps what they were.', action: `/settings/roles/${role.id}/deletion`, allowed: refusal === '', backUrl: `/settings/roles/${role.id}` }
}

export function operatorsModel(all: AllRoles, role: Role, holders: readonly RoleHolder[], options: { timeZone: string; mayOpen: boolean }): OperatorsModel {
  const count = all.holders.get(role.id) ?? 0
  return {
    frame: frameModel(all, role, 'operators'), more: count > holders.length ? `The first ${holders.length} of ${formatCount(count, 'operator')} are shown.` : '',
    rows: holders.map((holder) => ({ name: holder.name, href: options.mayOpen ? `/settings/operators/${holder.id}` : '', email: holder.email, off: holder.off, lastSeen: holder.lastSeenAt ? formatTime(holder.lastSeenAt, options.timeZone) : '' }))
  }
}
