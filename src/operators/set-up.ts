import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Conflict } from '../problem.ts'
import { setSetting } from '../settings/queries.ts'
import { hashPassword } from './passwords.ts'
import { administratorRole, insertOperator, isSetUp, lockOperators } from './queries.ts'

export interface Installation { installation: string; name: string; email: string; password: string }

/** Names the installation and makes its first administrator, once. Answers the administrator's number. */
export async function setUp(db: Db, values: Installation): Promise<number> {
  const passwordHash = await hashPassword(values.password)
  return db.transaction().execute(async (trx) => {
    await lockOperators(trx)
    if (await isSetUp(trx)) throw new Conflict('This installation is set up already. Sign in instead.')
    const id = await insertOperator(trx, { email: values.email, name: values.name, passwordHash, mustChangePassword: false, roleIds: [await administratorRole(trx)] })
    await setSetting(trx, 'installation', values.installation)
    await insertHistory(trx, { kind: 'settings', title: `Set up as “${values.installation}” with ${values.email} as the first administrator`, operator: { id, name: values.name } })
    return id
  })
}
