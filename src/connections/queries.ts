import type { Selectable } from 'kysely'
import type { Database, Db } from '../db/database.ts'
import { NotFound } from '../problem.ts'
import type { Connection, ConnectionInput } from './connection.ts'

function toConnection(row: Selectable<Database['connections']>): Connection {
  return { id: row.id, name: row.name, host: row.host, port: row.port, database: row.database, user: row.username, tls: row.tls, ca: row.ca, password: row.password }
}

export async function listConnections(db: Db): Promise<Connection[]> {
  return (await db.selectFrom('connections').selectAll().orderBy('name').execute()).map(toConnection)
}

export async function getConnection(db: Db, id: number): Promise<Connection> {
  const row = await db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such connection.')
  return toConnection(row)
}

function values({ name, host, port, database, user, tls, ca }: Omit<ConnectionInput, 'password'>) {
  return { name, host, port, database, username: user, tls, ca }
}

export async function insertConnection(db: Db, input: ConnectionInput): Promise<number> {
  const { id } = await db.insertInto('connections').values(values(input)).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function setConnection(db: Db, id: number, input: ConnectionInput): Promise<void> {
  await db.updateTable('connections').set(values(input)).where('id', '=', id).execute()
}

/** `sealed`: null where none is needed. */
export async function setPassword(db: Db, id: number, sealed: string | null): Promise<void> {
  await db.updateTable('connections').set({ password: sealed }).where('id', '=', id).execute()
}

export async function deleteConnection(db: Db, id: number): Promise<void> {
  await db.deleteFrom('connections').where('id', '=', id).execute()
}

/** Which sources are read from which connection? */
export async function listUses(db: Db): Promise<{ connectionId: number; sourceId: number; alias: string }[]> {
  const rows = await db.selectFrom('source_origins as o').innerJoin('sources as s', 's.id', 'o.source_id').select(['o.connection_id', 's.id', 's.alias']).orderBy('s.alias').execute()
  return rows.map((row) => ({ connectionId: row.connection_id, sourceId: row.id, alias: row.alias }))
}
