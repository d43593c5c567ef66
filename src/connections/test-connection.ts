import { readOther, type OtherAddress } from '../db/other-database.ts'
import type { Connection } from './connection.ts'
import { getServer } from './queries/other.ts'
import { problemInWords } from './words.ts'

const seconds = 8

/** Connects and asks the least there is. Answers within seconds, in words either way. */
export async function testConnection(address: OtherAddress, connection: Pick<Connection, 'name'>): Promise<{ works: boolean; words: string }> {
  try {
    const { version, role } = await readOther(address, seconds, getServer)
    return { works: true, words: `It works: PostgreSQL ${version}, entered as ${role}${address.tls ? ' by TLS' : ''}.` }
  } catch (error) {
    return { works: false, words: problemInWords(error, { ...address, name: connection.name }) }
  }
}
