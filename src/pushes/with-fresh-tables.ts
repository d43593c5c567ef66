import { Outdated } from '../problem.ts'

const mostTries = 20

/** Reads again where a publication replaced the tables between the snapshot and its statement. */
export async function withFreshTables<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await read()
    } catch (error) {
      const replaced = error instanceof Outdated || (error as { code?: string } | null)?.code === '42P01'
      if (!replaced || tries === mostTries) throw error
    }
  }
}
