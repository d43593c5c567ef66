import { hkdfSync } from 'node:crypto'
import { keptSecret } from '../db/kept-secret.ts'
import { sealingWith } from '../db/sealing.ts'

/** Encrypts passwords of connections with a key of the data folder, so that jobs can open them too. One opens for its connection alone. */
export interface PasswordSeal { seal(password: string, connectionId: number): string; open(sealed: string, connectionId: number): string | undefined }

export async function passwordSeal(dataDir: string): Promise<PasswordSeal> {
  const secret = await keptSecret(dataDir, 'connection-key', 'Put the file back from a backup: without it, passwords of connections have to be typed anew.')
  const sealing = sealingWith(Buffer.from(hkdfSync('sha256', secret, '', 'user-360 passwords of connections', 32)))
  const owner = (id: number) => `connection ${id}`
  return { seal: (password, id) => sealing.seal(password, owner(id)), open: (sealed, id) => sealing.open(sealed, owner(id)) }
}
