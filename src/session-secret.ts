import { keptSecret } from './db/kept-secret.ts'

/** The key that signs session cookies: the configured one, or one made at the first start and kept in the data folder (mode 600). */
export async function sessionSecret(configured: string | undefined, dataDir: string): Promise<string> {
  return configured ?? keptSecret(dataDir, 'session-secret', 'Remove it and start again; everybody will have to sign in anew.')
}
