import { tableInWords } from '../../connections/table.ts'
import { formatTime } from '../../format.ts'
import { sourceScheduleForm, type FormState, type SourceScheduleForm } from '../forms.ts'

export interface ScheduleModel { alias: string; facts: string; next: string; backUrl: string; action: string; form: SourceScheduleForm; problem: string }

declare module '../../http/views.ts' {
  interface Views { 'imports/schedule': ScheduleModel }
}

export function scheduleModel(state: FormState, nextAt: Date | null): ScheduleModel {
  const { source, origin, messages } = state
  return {
    alias: source.alias, facts: `${tableInWords(origin)} in ${origin.connection}`, next: nextAt ? `Next: ${formatTime(nextAt, state.timeZone)}` : '', backUrl: `/settings/sources/${source.id}`, action: `/settings/sources/${source.id}/schedule`,
    form: sourceScheduleForm(state), problem: messages ? 'Put the marked fields right.' : ''
  }
}
