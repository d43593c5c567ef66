import type { Role } from '../../access/role.ts'
import { formFields, type FieldDraft, type FormField } from '../../form.ts'
import { formatCount } from '../../format.ts'
import type { FieldMessages } from '../../problem.ts'
import { mayGive, type Authority } from '../authority.ts'
import { mostAtOnce, type AccountInput, type PeopleInput } from '../forms/accounts.ts'

/** Roles to tick: those that somebody may give. */
export interface RoleTicks { options: { id: number; name: string; says: string; checked: boolean }[]; error: string; help: string }
export interface NewOperatorModel { fields: FormField[]; roles: RoleTicks }
export interface NewOperatorsModel { fields: FormField[]; roles: RoleTicks; submit: string }

declare module '../../http/views.ts' {
  interface Views { 'operators/new': NewOperatorModel; 'operators/new-many': NewOperatorsModel }
}

export function roleTicks(roles: readonly Role[], who: Authority, checked: readonly number[], error = ''): RoleTicks {
  const given = roles.filter((role) => mayGive(who, role))
  const left = roles.length - given.length
  return {
    options: given.map((role) => ({ id: role.id, name: role.name, says: [role.description, role.needsTwoStep ? 'Needs two-step sign-in.' : ''].filter(Boolean).join(' '), checked: checked.includes(role.id) })),
    error, help: left > 0 ? `${formatCount(left, 'role')} that may do or see more than yours ${left === 1 ? 'is' : 'are'} not listed: an administrator can give ${left === 1 ? 'it' : 'them'}.` : ''
  }
}

/** Name and e-mail of an account. */
export function accountFields(input: { name: string; email: string }, help = 'They sign in with it.'): FieldDraft[] {
  return [{ id: 'name', label: 'Name', value: input.name }, { id: 'email', label: 'E-mail', value: input.email, help }]
}

export function newOperatorModel(input: AccountInput, roles: readonly Role[], who: Authority, messages: FieldMessages = {}): NewOperatorModel {
  return { fields: formFields(accountFields(input), messages), roles: roleTicks(roles, who, input.roleIds, messages['role']) }
}

export function newOperatorsModel(input: PeopleInput, roles: readonly Role[], who: Authority, messages: FieldMessages = {}): NewOperatorsModel {
  const help = `One in a line, or with commas between them; Name <name@example.com> gives the name as well. At most ${mostAtOnce} at once.`
  return { fields: formFields([{ id: 'people', label: 'E-mail addresses', control: 'textarea', value: input.people, help }], messages), roles: roleTicks(roles, who, input.roleIds, messages['role']), submit: 'Add them' }
}
