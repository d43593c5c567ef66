import type { Schedule } from '../schedules/schedule.ts'

/** Sources that would wait for one another if `sourceId` were read after an import of `after`, from the one to itself; empty where none would. */
export function circleOf(sourceId: number, after: number, schedules: ReadonlyMap<number, { schedule: Schedule }>): number[] {
  const path = [sourceId]
  for (let next: number | null = after; next !== null;) {
    path.push(next)
    if (next === sourceId) return path
    const schedule: Schedule | undefined = schedules.get(next)?.schedule
    // A circle of others, made before this was refused, must not be walked for ever.
    next = schedule?.every === 'import' && path.indexOf(next) === path.length - 1 ? schedule.sourceId : null
  }
  return []
}
