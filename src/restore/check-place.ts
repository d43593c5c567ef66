import type { Db } from '../db/database.ts'
import { formatCount } from '../format.ts'
import { Conflict } from '../problem.ts'
import { findOtherSecrets, type Secret } from './put-secrets.ts'
import { describePresent, findPresent } from './queries/present.ts'

const named = 5

/** Refuses a place that holds something, unless it is to be replaced and is of a console. Throws Conflict with what to do. */
export async function checkPlace(db: Db, dataDir: string, secrets: readonly Secret[], { replace, yes }: { replace: boolean; yes: boolean }): Promise<void> {
  const { objects, ours } = await findPresent(db)
  if (objects.length > 0 && !ours) throw new Conflict(`The database holds what is of no console (${objects.slice(0, named).join(', ')}${objects.length > named ? ', …' : ''}). It is left alone; give an empty one.`)
  const other = await findOtherSecrets(dataDir, secrets)
  if (objects.length === 0 && other.length === 0) return
  if (replace && yes) return
  const held = objects.length > 0 ? `The database is not empty: ${await describeHeld(db)}` : `The data folder ${dataDir} holds other keys (${other.join(', ')}) than the backup, perhaps of another database.`
  const way = replace ? 'To drop all of that for good, say --replace --yes.' : 'Restore into an empty database (DATA_DIR or DATABASE_URL says which), or say --replace --yes to drop all of that for good; back it up first.'
  throw new Conflict(`${held} ${way}`)
}

async function describeHeld(db: Db): Promise<string> {
  const { installation, users, sources } = await describePresent(db)
  return `it holds “${installation}” with ${formatCount(sources, 'source')} and ${formatCount(users, 'user')}.`
}
