import type pg from 'pg'
import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { NotFound } from '../problem.ts'
import { kindOf, withAct, type ExceptionAct } from './exception.ts'
import { getMappingSettings, type MappingChange, type MappingException, type MappingSettings } from './mapping-settings.ts'
import { mostNamed, previewMapping, type Moved } from './preview-mapping.ts'
import { listVisibleRows } from './queries/exceptions.ts'
import { listNames, listSamples, seesAll, type Sample } from './queries/refused-joins.ts'
import { idColumnsOf, mostSeen } from './read-refused.ts'

/** An act on a value with the settings it would make. */
export interface PlannedException {
  settings: MappingSettings; change: MappingChange & { exceptions: MappingException[] }
  /** How the value looks in a row that this operator sees. */
  sample: Sample | undefined
}

export interface ExceptionPreview extends PlannedException {
  usersJoined: number; usersSplit: number
  /** Of those, who is visible, at most mostNamed each. */
  moved: Moved[]; names: Map<string, string>
}

interface Needs { db: Db; pool: pg.Pool; aesKey: string | null; timeZone: string }

/** NotFound for a value that no visible row has, as for one that is not there. */
export async function planException({ db, timeZone }: Needs, catalog: Catalog, access: Access, act: ExceptionAct): Promise<PlannedException> {
  const [sample] = await listSamples(db, access, [{ idType: act.idType, key: act.matchKey }], { most: mostSeen, timeZone })
  const settings = await getMappingSettings(db)
  // Its rows may be gone while the exception still stands: whoever sees everything can take it back.
  const known = act.undoes !== null || kindOf(settings.exceptions, act) !== null
  if (!sample && !(known && seesAll(access, idColumnsOf(catalog)))) throw new NotFound('There is no such value.')
  return { settings, sample, change: { exceptions: withAct(settings.exceptions, act) } }
}

/** What the act would do, and to whom. */
export async function previewException({ db, pool, aesKey, timeZone }: Needs, access: Access, planned: PlannedException): Promise<ExceptionPreview> {
  const effect = await previewMapping(pool, planned.change, aesKey)
  const numbers = [...new Set(effect.moved.flatMap((one) => [one.user, one.other]))]
  const visible = access.everyUser ? new Set(numbers) : await listVisibleRows(db, access, timeZone, numbers)
  const moved = effect.moved.filter((one) => visible.has(one.user) && visible.has(one.other))
  const shown = (['joined', 'split'] as const).flatMap((how) => moved.filter((one) => one.how === how).slice(0, mostNamed))
  return { ...planned, ...effect, moved: shown, names: await listNames(db, access, numbers.filter((number) => visible.has(number))) }
}
