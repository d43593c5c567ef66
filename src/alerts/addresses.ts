import type { Db } from '../db/database.ts'
import { isEmailAddress } from '../form.ts'
import { insertHistory } from '../history/queries.ts'
import { getSetting, setSetting } from '../settings/queries.ts'
import { Invalid } from '../problem.ts'

const name = 'alert_addresses'
export const addressesAtMost = 20

/** Where alerts are mailed to. */
export async function getAddresses(db: Db): Promise<string[]> {
  return getSetting<string[]>(db, name, [])
}

/** Addresses as people write them, in lines or with commas. Throws Invalid with the first that is none. */
export function readAddresses(text: string): string[] {
  const addresses = [...new Set(text.split(/[\s,;]+/).filter(Boolean))]
  const wrong = addresses.find((address) => !isEmailAddress(address))
  if (wrong !== undefined) throw new Invalid('Alerts are not changed.', { addresses: `${wrong.slice(0, 60)} is not an e-mail address.` })
  if (addresses.length > addressesAtMost) throw new Invalid('Alerts are not changed.', { addresses: `At most ${addressesAtMost} addresses can be told.` })
  return addresses
}

export async function setAddresses(db: Db, addresses: string[], operator: { id: number; name: string }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await getAddresses(trx)
    if (before.join() === addresses.join()) return
    await setSetting(trx, name, addresses)
    await insertHistory(trx, { kind: 'settings', title: 'Changed who is mailed of alerts', operator, items: [{ table: 'settings', column: name, before, after: addresses }] })
  })
}
