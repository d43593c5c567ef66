import { addsNothing, type Role } from '../access/role.ts'

/** What somebody with the permission Operators may do to accounts: nobody can raise himself, not by way of another account either. */
export interface Authority { id: number; name: string; administrator: boolean; held: readonly Role[] }

/** An administrator gives every role; others those that may do and see no more than their own. */
export function mayGive(who: Authority, role: Role): boolean {
  return who.administrator || addsNothing(role, who.held)
}

/** May they change an account that holds these roles? Its one-time link could be used by who made it. */
export function mayChange(who: Authority, held: readonly Role[]): boolean {
  return held.every((role) => mayGive(who, role))
}

export const notGiven = 'Only an administrator can give or take the role Administrator, and roles that may do or see more than your own.'
export const notChanged = 'Only an administrator can change this account: its roles may do or see more than yours.'
