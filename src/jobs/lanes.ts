/** A lane does one job after another, in this process and any other (the import command); lanes do not wait for each other. */
export interface Lane {
  /** Name of its queue. */
  name: string
  /** Key of the advisory lock that the job at work holds. */
  lock: number
}

/** Whatever changes data in bulk. */
export const dataLane: Lane = { name: 'data', lock: 360_001 }

/** Whatever takes its time to read what is published, and changes nothing that a job of the data lane reads. */
export const readingLane: Lane = { name: 'reading', lock: 360_003 }

export const lanes: readonly Lane[] = [dataLane, readingLane]

const readingKinds: ReadonlySet<string> = new Set(['statistics', 'export'])

export function laneOf(kind: string): Lane {
  return readingKinds.has(kind) ? readingLane : dataLane
}
