import type { OtherAddress } from '../db/other-database.ts'
import { Conflict } from '../problem.ts'
import type { Connection } from './connection.ts'
import { passwordSeal } from './seal.ts'

/** Where to connect, with the password opened. */
export async function addressOf(dataDir: string, { id, name, host, port, database, user, tls, ca, password }: Connection): Promise<OtherAddress> {
  const opened = password === null ? '' : (await passwordSeal(dataDir)).open(password, id)
  if (opened === undefined) throw new Conflict(`The password of the connection ${name} cannot be opened any more, as the key of this console changed. Type it again.`)
  return { host, port, database, user, tls, ca, password: opened }
}
