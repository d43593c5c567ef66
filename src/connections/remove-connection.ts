import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import { Conflict } from '../problem.ts'
import { deleteConnection, getConnection, listUses } from './queries.ts'

/** Removes a connection that no source is read from. */
export async function removeConnection(db: Db, id: number, { id: operatorId, name }: { id: number; name: string }): Promise<string> {
  return shortChange(db, async (trx) => {
    const connection = await getConnection(trx, id)
    const uses = (await listUses(trx)).filter((use) => use.connectionId === id)
    if (uses.length) throw new Conflict(`${uses.map(({ alias }) => alias).slice(0, 5).join(', ')} ${uses.length === 1 ? 'is' : 'are'} read from it. Remove ${uses.length === 1 ? 'that source' : 'these sources'} first.`)
    await deleteConnection(trx, id)
    await insertHistory(trx, { kind: 'settings', title: `Connection ${connection.name} removed`, operator: { id: operatorId, name }, items: [{ table: 'connections', column: 'name', before: connection.name, after: null }] })
    return connection.name
  })
}
