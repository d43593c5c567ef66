import { formatCount, formatTime } from '../../format.ts'
import type { FieldMessages } from '../../problem.ts'
import type { TwoStep } from '../queries/two-step.ts'
import { pictureOf, secretAddress } from '../totp.ts'
import { fieldsOf, type Field } from '../views.ts'

export interface CodeModel { fields: Field[] }
export interface TwoStepModel {
  /** A role asks for it: nothing else opens where it is off. */
  required: boolean
  setUp: { picture: string; secret: string; address: string; fields: Field[] } | null
  on: { facts: string; warning: string; fields: Field[] } | null
}
export interface RecoveryCodesModel { heading: string; codes: string[]; all: string }

declare module '../../http/views.ts' {
  interface Views { 'operators/code': CodeModel; 'operators/two-step': TwoStepModel; 'operators/recovery-codes': RecoveryCodesModel }
}

const codeField = { id: 'code', label: 'Code', type: 'text', autocomplete: 'one-time-code' } as const

export function codeModel(problem: string): CodeModel {
  return { fields: fieldsOf([{ ...codeField, help: 'The six digits that your authenticator app shows now, or one of your recovery codes.' }], () => '', problem ? { code: problem } : {}) }
}

export interface NewTwoStep { secret: string; installation: string; email: string }

export function setUpTwoStepModel({ secret, installation, email }: NewTwoStep, required: boolean, messages: FieldMessages = {}): TwoStepModel {
  const address = secretAddress(secret, installation, email)
  const fields = fieldsOf([{ ...codeField, help: 'The six digits that the app shows now.' }], () => '', messages)
  return { required, on: null, setUp: { picture: pictureOf(address), address, secret: secret.replace(/(.{4})(?=.)/g, '$1 '), fields } }
}

export function twoStepModel(state: TwoStep, required: boolean, timeZone: string, messages: FieldMessages = {}): TwoStepModel {
  const fields = fieldsOf([
    { id: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' }, { ...codeField, help: 'Of your app, or a recovery code.' }
  ], () => '', messages)
  // The cursor goes where a mistake is, and else nowhere: this page is read first.
  const quiet = Object.keys(messages).length === 0
  return {
    required, setUp: null,
    on: {
      facts: `Since ${formatTime(state.since, timeZone)}.`, fields: fields.map((field) => ({ ...field, autofocus: field.autofocus && !quiet })),
      warning: state.recoveryCodes <= 3 ? `${formatCount(state.recoveryCodes, 'recovery code')} left. Make new ones.` : `${state.recoveryCodes} recovery codes left.`
    }
  }
}

export function recoveryCodesModel(codes: string[], heading: string): RecoveryCodesModel {
  return { heading, codes, all: codes.join('\n') }
}
