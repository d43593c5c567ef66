import { createHash } from 'node:crypto'
import { listRoles } from '../access/queries.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { Conflict, Invalid } from '../problem.ts'
import type { Transaction } from 'kysely'
import type { Destination, DestinationKind, SecretName, Secrets } from './destination.ts'
import { kindLabels, settingLabels } from './labels.ts'
import { getDestination, insertDestination, isDestinationNameTaken, lockDestination, setDestination, setDestinationRoles } from './queries.ts'
import type { DestinationKeys } from './seal.ts'

export interface Actor { id: number; name: string }

export interface Wanted {
  name: string; settings: object; roleIds: readonly number[]
  /** New secrets, and the names of those that stay. */
  typed: Secrets; kept: readonly SecretName[]
}

/** Somebody else changed a destination after its form was opened. */
export class Stale extends Conflict {
  constructor() { super('Somebody else changed this after you opened it. Nothing of yours was saved: below is what stands now.') }
}

/** A word for what a form showed; another one later means that somebody was quicker. */
export function seenOf({ name, settings, roleIds, secrets }: Destination): string {
  return createHash('sha256').update(JSON.stringify([name, settings, roleIds, secrets])).digest('base64url').slice(0, 22)
}

/** Adds a destination with its secrets sealed. Answers its id. */
export async function addDestination(db: Db, keys: DestinationKeys, kind: DestinationKind, wanted: Wanted, operator: Actor): Promise<number> {
  return shortChange(db, async (trx) => {
    await refuseTakenName(trx, wanted.name, null)
    const id = await insertDestination(trx, kind, wanted.name, wanted.settings)
    await setDestination(trx, id, { ...wanted, secrets: sealed(keys, id, wanted.typed) })
    await setDestinationRoles(trx, id, wanted.roleIds)
    const after = await getDestination(trx, id)
    await insertHistory(trx, { kind: 'settings', title: `Destination ${wanted.name} (${kindLabels[kind]}) added`, operator, items: itemsOf(undefined, after, await roleNames(trx), Object.keys(wanted.typed)) })
    return id
  })
}

/** Changes one. Secrets that are neither typed nor kept go. */
export async function changeDestination(db: Db, keys: DestinationKeys, id: number, wanted: Wanted & { seen: string }, operator: Actor): Promise<void> {
  await shortChange(db, async (trx) => {
    const before = await lockDestination(trx, id)
    if (seenOf(before) !== wanted.seen) throw new Stale()
    await refuseTakenName(trx, wanted.name, id)
    const kept = Object.fromEntries(wanted.kept.flatMap((name) => { const secret = before.secrets[name]; return secret === undefined ? [] : [[name, secret]] }))
    await setDestination(trx, id, { ...wanted, secrets: { ...kept, ...sealed(keys, id, wanted.typed) } })
    await setDestinationRoles(trx, id, wanted.roleIds)
    const items = itemsOf(before, await getDestination(trx, id), await roleNames(trx), Object.keys(wanted.typed))
    if (items.length) await insertHistory(trx, { kind: 'settings', title: `Destination ${before.name} changed`, operator, items })
  })
}

async function refuseTakenName(trx: Transaction<Database>, name: string, exceptId: number | null): Promise<void> {
  if (await isDestinationNameTaken(trx, name, exceptId)) throw new Invalid('The destination cannot be saved.', { name: 'Another destination has this name.' })
}

function sealed(keys: DestinationKeys, id: number, typed: Secrets): Secrets {
  return Object.fromEntries(Object.entries(typed).map(([name, secret]) => [name, keys.seal(secret, id, name as SecretName)]))
}

async function roleNames(trx: Transaction<Database>): Promise<Map<number, string>> {
  return new Map((await listRoles(trx)).map((role) => [role.id, role.name]))
}

const long = new Set(['ca', 'certificate'])

/** What changed, for the history. Of secrets and certificates only that they were set. */
export function itemsOf(before: Destination | undefined, after: Destination | undefined, roles: ReadonlyMap<number, string>, typed: readonly string[]): ActItem[] {
  const wordsOf = (one: Destination | undefined): Record<string, unknown> => (one === undefined ? {} : {
    name: one.name, ...Object.fromEntries(Object.entries(one.settings).map(([name, value]) => [settingLabels[name] ?? name, long.has(name) ? digestOf(String(value)) : value])),
    'may be used by': one.roleIds.map((id) => roles.get(id) ?? String(id)),
    ...Object.fromEntries(Object.keys(one.secrets).map((name) => [settingLabels[name] ?? name, one === after && typed.includes(name) && before?.secrets[name as SecretName] !== undefined ? 'set anew' : 'set']))
  })
  const [was, is] = [wordsOf(before), wordsOf(after)]
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  const isEmpty = (value: unknown) => value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0)
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => !same(was[name], is[name]) && !(isEmpty(was[name]) && isEmpty(is[name])))
    .map((name) => ({ table: 'destinations', column: name, before: was[name] ?? null, after: is[name] ?? null }))
}

function digestOf(text: string): string {
  return text && `SHA256 ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
}
