import type { Samples } from '../http/views.ts'
import type { FieldMessages } from '../problem.ts'

export interface Field { id: string; label: string; type: 'text' | 'email' | 'password'; value: string; autocomplete: string; help: string; error: string; autofocus: boolean }
export interface SignInModel { email: string; to: string; problem: string }
export interface PasswordModel { mustChange: boolean; email: string; problem: string; fields: Field[] }
export interface SetUpModel { problem: string; fields: Field[] }

declare module '../http/views.ts' {
  interface Views {
    'operators/sign-in': SignInModel
    'operators/password': PasswordModel
    'operators/set-up': SetUpModel
  }
}

type Draft = Pick<Field, 'id' | 'label' | 'type' | 'autocomplete'> & { help?: string }

// What was typed comes back, but never a password; the cursor stands in the first wrong field, else in the first.
export function fieldsOf(drafts: Draft[], typed: (name: string) => string, messages: FieldMessages): Field[] {
  const first = drafts.find((draft) => messages[draft.id])?.id ?? drafts[0]?.id
  return drafts.map((draft) => ({ help: '', ...draft, value: draft.type === 'password' ? '' : typed(draft.id), error: messages[draft.id] ?? '', autofocus: draft.id === first }))
}

export const passwordRule = 'At least 10 characters.'

export function passwordModel(operator: { email: string; mustChangePassword: boolean }, messages: FieldMessages = {}, problem = ''): PasswordModel {
  const fields = fieldsOf([
    { id: 'current', label: operator.mustChangePassword ? 'One-time password' : 'Current password', type: 'password', autocomplete: 'current-password' },
    { id: 'next', label: 'New password', type: 'password', autocomplete: 'new-password', help: passwordRule },
    { id: 'again', label: 'New password again', type: 'password', autocomplete: 'new-password' }
  ], () => '', messages)
  return { mustChange: operator.mustChangePassword, email: operator.email, problem, fields }
}

export function setUpModel(typed: (name: string) => string = () => '', messages: FieldMessages = {}, problem = ''): SetUpModel {
  const fields = fieldsOf([
    { id: 'code', label: 'One-time code', type: 'text', autocomplete: 'off', help: 'It stands in the log of the console, where it was started.' },
    { id: 'installation', label: 'Name of the installation', type: 'text', autocomplete: 'organization', help: 'Shown at the top of every page.' },
    { id: 'name', label: 'Your name', type: 'text', autocomplete: 'name' },
    { id: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', help: 'You sign in with it. You will be the first administrator.' },
    { id: 'password', label: 'Password', type: 'password', autocomplete: 'new-password', help: passwordRule }
  ], typed, messages)
  return { problem, fields }
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'operators/sign-in': [{ email: '', to: '/users', problem: '' }, { email: 'lin@example.com', to: '/users', problem: 'E-mail or password is wrong.' }],
  'operators/password': [
    passwordModel({ email: 'lin@example.com', mustChangePassword: true }), passwordModel({ email: 'lin@example.com', mustChangePassword: false }, { next: 'It is too short.' }, 'The password was not changed.')
  ],
  'operators/set-up': [setUpModel(), setUpModel((name) => name, { code: 'This is not the code.' }, 'There were too many attempts.')]
}
