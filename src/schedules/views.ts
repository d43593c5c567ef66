import type { Samples } from '../http/views.ts'
import { scheduleForm, type ScheduleForm } from './form.ts'

declare module '../http/views.ts' {
  interface Views { 'shared/_schedule': { schedule: ScheduleForm } }
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'shared/_schedule': { schedule: scheduleForm({ every: ['hour', 'day', 'week', 'month', 'cron', 'import'], sources: [{ value: '3', label: 'Shop members' }], days: true, never: 'Never', timeZone: 'Asia/Shanghai' }, null, { at: 'Give a time such as 06:30.' }) }
}
