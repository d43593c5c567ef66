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

/** Whatever waits for others, such as destinations that are slow. One destination always has the same lane, so its work is done in order. */
export const sendingLanes: readonly Lane[] = [0, 1, 2].map((at) => ({ name: `sending-${at + 1}`, lock: 360_011 + at }))

export const lanes: readonly Lane[] = [dataLane, readingLane, ...sendingLanes]

const readingKinds: ReadonlySet<string> = new Set(['statistics', 'export'])

export function laneOf({ kind, payload }: { kind: string; payload: unknown }): Lane {
  if (kind === 'push') return sendingLanes[Number((payload as { destinationId?: unknown }).destinationId) % sendingLanes.length] ?? sendingLanes[0]!
  return readingKinds.has(kind) ? readingLane : dataLane
}
