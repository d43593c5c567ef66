import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { Invalid } from '../problem.ts'
import { leadsElsewhere, type Connection, type ConnectionInput } from './connection.ts'
import { getConnection, insertConnection, setConnection, setPassword } from './queries.ts'
import { passwordSeal } from './seal.ts'

type Actor = { id: number; name: string }

const labels = { name: 'name', host: 'host', port: 'port', database: 'database', user: 'user', tls: 'TLS', ca: 'certificate' } as const

/** Makes a connection, or changes the one of that id. Answers its id. */
export async function saveConnection({ db, dataDir }: { db: Db; dataDir: string }, id: number | null, input: ConnectionInput, { id: operatorId, name }: Actor): Promise<number> {
  const seal = await passwordSeal(dataDir)
  return shortChange(db, async (trx) => {
    const kept = id === null ? null : await getConnection(trx, id)
    refuseBorrowing(kept, input)
    const saved = kept ? kept.id : await insertConnection(trx, input)
    if (kept) await setConnection(trx, saved, input)
    if (input.password !== '') await setPassword(trx, saved, seal.seal(input.password, saved))
    const items = itemsOf(kept, input)
    if (items.length) await insertHistory(trx, { kind: 'settings', title: `Connection ${input.name} ${kept ? 'changed' : 'added'}`, operator: { id: operatorId, name }, items })
    return saved
  }).catch((error: { code?: string }) => { throw error.code === '23505' ? new Invalid('The connection cannot be saved.', { name: 'Another connection has this name.' }) : error })
}

/** Throws Invalid where a kept password would be sent to an address that it was not typed for. */
export function refuseBorrowing(kept: Connection | null, input: ConnectionInput): void {
  if (kept?.password && input.password === '' && leadsElsewhere(kept, input)) throw new Invalid('The connection cannot be saved.', { password: 'Type the password again: with this change it would be sent elsewhere.' })
}

function itemsOf(kept: Connection | null, input: ConnectionInput): ActItem[] {
  const fields = (Object.keys(labels) as (keyof typeof labels)[]).filter((field) => (kept ? kept[field] !== input[field] : input[field] !== null))
  return [
    ...fields.map((field): ActItem => ({ table: 'connections', column: labels[field], before: kept ? kept[field] : null, after: input[field] })),
    ...(input.password === '' ? [] : [{ table: 'connections', column: 'password', before: kept?.password ? 'set' : null, after: 'set' }])
  ]
}
