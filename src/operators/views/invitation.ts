import type { FieldMessages } from '../../problem.ts'
import { fieldsOf, passwordRule, type Field } from '../views.ts'

export interface InvitationModel { action: string; name: string; email: string; fields: Field[] }

declare module '../../http/views.ts' {
  interface Views { 'operators/invitation': InvitationModel; 'operators/invitation-gone': { text: string } }
}

export function invitationModel(token: string, invited: { name: string; email: string }, messages: FieldMessages = {}): InvitationModel {
  const fields = fieldsOf([
    { id: 'next', label: 'Password', type: 'password', autocomplete: 'new-password', help: passwordRule }, { id: 'again', label: 'Password again', type: 'password', autocomplete: 'new-password' }
  ], () => '', messages)
  return { action: `/invitations/${token}`, name: invited.name, email: invited.email, fields }
}
