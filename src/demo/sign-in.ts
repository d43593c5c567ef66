import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db/database.ts'
import { writeWhole } from '../db/embedded-home.ts'
import { generateCode, hashPassword, verifyPassword } from '../operators/passwords.ts'
import { administratorRole, findAccount, insertOperator, isSetUp } from '../operators/queries.ts'
import { setSetting } from '../settings/queries.ts'

const email = 'demo@example.com'

const name = 'Demo Administrator'

/** Makes the demo's administrator at the first start, and answers them. The password is kept in the demo's folder, to be printed at every start. */
export async function prepareSignIn(db: Db, dataDir: string): Promise<{ id: number; name: string } | null> {
  if (await isSetUp(db)) return (await findAccount(db, email)) ?? null
  const password = generateCode(2)
  await writeWhole(join(dataDir, 'demo-password'), `${password}\n`, 0o600)
  const passwordHash = await hashPassword(password)
  return db.transaction().execute(async (trx) => {
    const id = await insertOperator(trx, { email, name, passwordHash, mustChangePassword: false, roleIds: [await administratorRole(trx)] })
    await setSetting(trx, 'installation', 'Yunlu demo')
    return { id, name }
  })
}

/** The sign-in to print: without the password once it was changed. */
export async function demoSignIn(db: Db, dataDir: string): Promise<{ email: string; password: string | undefined }> {
  const password = (await readFile(join(dataDir, 'demo-password'), 'utf8').catch(() => '')).trim()
  const account = await findAccount(db, email)
  return { email, password: account && password && (await verifyPassword(password, account.passwordHash)) ? password : undefined }
}
