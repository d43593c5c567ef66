import type { Access, VisibleColumn } from '../access/access.ts'
import type { Field } from '../conditions/field.ts'
import type { Db } from '../db/database.ts'
import { readCursor, writeCursor, type Position } from '../db/keyset.ts'
import { readSnapshot } from '../db/snapshot.ts'
import { Invalid } from '../problem.ts'
import { listShownDecisions } from '../overrides/queries/shown-decisions.ts'
import { mobileType, type ListColumn } from './columns.ts'
import { columnOf, decidable, hasMoved } from './field-state.ts'
import { columnsById, pickMobile, type ShownId } from './id-values.ts'
import { beginReading } from './queries/begin.ts'
import { findPosition, listCells, listPositions, orderOf, type Reading, type UserCells } from './queries/list.ts'
import { listIdCells } from './queries/id-cells.ts'
import { Scope } from './queries/scope.ts'
import { conditionOf, everyone, type UserQuery } from './user-query.ts'

/** Whether a value was set by hand, and whether its source has changed since. */
export type HandMark = '' | 'set' | 'moved'

export interface ListedUser extends UserCells {
  mobile: ShownId | null
  /** One for each of the cells. */
  hands: HandMark[]
}

export interface UserList {
  users: ListedUser[]
  /** Cursors of the pages beside this one; null where there is none. */
  before: string | null
  after: string | null
}

export const listLimit = 5000

/** One page of the list, on one snapshot: which users, what is shown of them, and their mobiles. Throws the timeout of PostgreSQL after 5 seconds. */
export async function readList(db: Db, access: Access, reading: Reading & { aesKey: string | null }, query: UserQuery, columns: ListColumn[]): Promise<UserList> {
  const order = orderOf(new Scope(access, reading.timeZone), query.sort)
  const from = query.place ? readCursor(order, query.place.cursor) : null
  if (from === undefined) throw new Invalid('This page of the list is not known: its address was changed or belongs to another order.')
  const backward = query.place?.direction === 'before'
  return readSnapshot(db, async (snapshot) => {
    const [, found] = await Promise.all([beginReading(snapshot, access, listLimit), listPositions(snapshot, access, reading, { condition: conditionOf(query), sort: query.sort, from, backward, limit: query.size + 1 })])
    const more = found.length > query.size
    const page = backward ? found.slice(0, query.size).reverse() : found.slice(0, query.size)
    const ids = page.map((position) => position.id)
    const fields = fieldsOf(columns)
    const [cells, mobiles, hands] = await Promise.all([
      listCells(snapshot, access, reading, ids, fields), columns.some((column) => column.kind === 'mobile') ? readMobiles(snapshot, access, reading, ids) : new Map<string, ShownId>(), readHands(snapshot, ids, fields)
    ])
    const cursor = (position: Position | undefined) => (position ? writeCursor(order, position) : null)
    return {
      users: cells.map((user) => ({ ...user, mobile: mobiles.get(user.id) ?? null, hands: hands(user.id) })),
      before: backward ? (more ? cursor(page[0]) : null) : from ? cursor(page[0]) : null,
      after: backward ? (from ? cursor(page.at(-1)) : null) : more ? cursor(page.at(-1)) : null
    }
  })
}

/** What the list shows of one user; undefined where there is none to be seen. */
export async function readListedUser(db: Db, access: Access, reading: Reading & { aesKey: string | null }, id: string, columns: ListColumn[]): Promise<ListedUser | undefined> {
  return readSnapshot(db, async (snapshot) => {
    await beginReading(snapshot, access, listLimit)
    if (!(await findPosition(snapshot, access, reading, everyone.sort, id))) return undefined
    const fields = fieldsOf(columns)
    const [cells] = await listCells(snapshot, access, reading, [id], fields)
    const mobiles = await readMobiles(snapshot, access, reading, [id])
    const hands = await readHands(snapshot, [id], fields)
    return cells && { ...cells, mobile: mobiles.get(id) ?? null, hands: hands(id) }
  })
}

/** Which of these values were set by hand: asked once for all users of a page. Of masked ones it is not told. */
async function readHands(db: Db, ids: string[], fields: Field[]): Promise<(id: string) => HandMark[]> {
  const decisions = await listShownDecisions(db, ids, decidable(fields.filter((field) => !field.masked)))
  const byUser = Map.groupBy(decisions, (decision) => decision.userId)
  return (id) => fields.map((field) => {
    const decision = byUser.get(id)?.find((one) => one.column === columnOf(field))
    return decision ? (hasMoved(field, decision) ? 'moved' : 'set') : ''
  })
}

async function readMobiles(db: Db, access: Access, reading: Reading & { aesKey: string | null }, ids: string[]): Promise<Map<string, ShownId>> {
  const isMobile = (column: VisibleColumn) => column.idType === mobileType
  const cells = await listIdCells(db, access, reading.timeZone, ids, isMobile)
  const columns = columnsById(access)
  const shown = [...Map.groupBy(cells, (cell) => cell.userId)].map(([id, own]) => [id, pickMobile(own, columns, reading.aesKey)] as const)
  return new Map(shown.filter((pair): pair is [string, ShownId] => pair[1] !== null))
}

/** Position of a field among those the list reads; the name stands first where it may be seen. */
export function fieldsOf(columns: ListColumn[]): Field[] {
  return columns.flatMap((column) => column.field ?? [])
}
