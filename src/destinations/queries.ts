import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../db/database.ts'
import { NotFound } from '../problem.ts'
import { mayUse, type Destination, type DestinationKind, type SecretName } from './destination.ts'

export const noDestination = 'There is no such destination.'

/** Every destination, by name. */
export async function listDestinations(db: Db): Promise<Destination[]> {
  const rows = await db.selectFrom('destinations').selectAll().orderBy(sql`lower(name)`).execute()
  const roles = await db.selectFrom('destination_roles').selectAll().orderBy('role_id').execute()
  return rows.map((row) => ({
    id: row.id, name: row.name, kind: row.kind, settings: row.settings, secrets: row.secrets, testedAt: row.tested_at, testProblem: row.test_problem,
    roleIds: roles.filter((role) => role.destination_id === row.id).map((role) => role.role_id)
  }) as Destination)
}

/** Those that somebody may use, for what pages offer and what jobs are about to do. */
export async function listUsable(db: Db, who: { administrator: boolean; roleIds: readonly number[] }): Promise<Destination[]> {
  return (await listDestinations(db)).filter((destination) => mayUse(who, destination))
}

export async function getDestination(db: Db, id: number): Promise<Destination> {
  const found = (await listDestinations(db)).find((destination) => destination.id === id)
  if (!found) throw new NotFound(noDestination)
  return found
}

/** Nobody else changes it until this transaction ends. */
export async function lockDestination(trx: Transaction<Database>, id: number): Promise<Destination> {
  await trx.selectFrom('destinations').select('id').where('id', '=', id).forUpdate().execute()
  return getDestination(trx, id)
}

export async function isDestinationNameTaken(db: Db, name: string, exceptId: number | null): Promise<boolean> {
  const row = await db.selectFrom('destinations').select('id').where(sql`lower(name)`, '=', sql<string>`lower(${name})`).where('id', '<>', exceptId ?? 0).executeTakeFirst()
  return row !== undefined
}

export async function insertDestination(trx: Transaction<Database>, kind: DestinationKind, name: string, settings: object): Promise<number> {
  return (await trx.insertInto('destinations').values({ kind, name, settings: JSON.stringify(settings) }).returning('id').executeTakeFirstOrThrow()).id
}

export async function setDestination(trx: Transaction<Database>, id: number, change: { name: string; settings: object; secrets: Partial<Record<SecretName, string>> }): Promise<void> {
  await trx.updateTable('destinations').set({ name: change.name, settings: JSON.stringify(change.settings), secrets: JSON.stringify(change.secrets), tested_at: null, test_problem: null }).where('id', '=', id).execute()
}

export async function setDestinationRoles(trx: Transaction<Database>, id: number, roleIds: readonly number[]): Promise<void> {
  await trx.deleteFrom('destination_roles').where('destination_id', '=', id).execute()
  await sql`insert into destination_roles (destination_id, role_id) select ${id}::int, id from roles where id = any (${[...roleIds]}::int[]) and not administrator`.execute(trx)
}

/** Remembers what the last test of the connection found: '' where it passed. */
export async function setTested(trx: Transaction<Database>, id: number, problem: string): Promise<void> {
  await trx.updateTable('destinations').set({ tested_at: new Date(), test_problem: problem }).where('id', '=', id).execute()
}

/** Refused by the database where something still uses it. */
export async function deleteDestination(trx: Transaction<Database>, id: number): Promise<void> {
  await trx.deleteFrom('destinations').where('id', '=', id).execute()
}

/** How many pushes need it: those that run by a schedule, are under way, or could be continued. */
export async function countUses(db: Db, id: number): Promise<number> {
  const { rows } = await sql<{ uses: string }>`select count(*) as uses from pushes_in_use where destination_id = ${id}`.execute(db)
  return Number(rows[0]?.uses ?? 0)
}
