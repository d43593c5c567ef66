import { startBuild } from './audiences/starter.ts'
import { startImport } from './imports/start-import.ts'
import { startPush } from './pushes/starter.ts'
import type { Starter } from './schedules/starter.ts'

/** What a schedule can start, by its kind: the composition root of schedules. */
export const starters: Record<string, Starter> = {
  audience: startBuild,
  push: startPush,
  import: startImport
}
