import { sql, type RawBuilder } from 'kysely'

/** Where a page begins: the sort key of a row, as text, and its id. The key is null where the row has no value. */
export interface Position { key: string | null; id: string }

/** How a sorted list runs. Rows without a key come last in either direction of sorting. */
export interface Order {
  /** What the cursor belongs to: one made for another order is not known. */
  name: string
  /** null: the id alone is the order. */
  key: RawBuilder<unknown> | null
  type: 'text' | 'numeric' | 'timestamptz' | 'date'
  /** For text whose order is not that of its bytes. */
  collation?: string
  id: RawBuilder<unknown>
  descending: boolean
}

/** One statement of a page: rows with a key and rows without are read apart, so that an index on (key, id) serves both directions. */
export interface Stretch { where: RawBuilder<unknown>; orderBy: RawBuilder<unknown> }

export function writeCursor(order: Order, position: Position): string {
  return Buffer.from(JSON.stringify([order.name, order.descending ? 1 : 0, position.key, position.id])).toString('base64url')
}

/** The position a cursor stands for; undefined for anything that writeCursor did not write for this order. */
export function readCursor(order: Order, cursor: string): Position | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
  if (!Array.isArray(parsed) || parsed.length !== 4) return undefined
  const [name, descending, key, id] = parsed as unknown[]
  if (name !== order.name || descending !== (order.descending ? 1 : 0)) return undefined
  if (typeof id !== 'string' || !/^\d{1,18}$/.test(id) || !isKey(order, key)) return undefined
  return { key, id }
}

function isKey(order: Order, key: unknown): key is string | null {
  if (key === null) return true
  if (typeof key !== 'string' || !order.key || key.includes('\u0000')) return false
  const forms = { text: /^/, numeric: /^(-?\d{1,40}(\.\d{0,40})?|NaN|-?Infinity)$/, timestamptz: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d){0,2}$/, date: /^\d{4,6}-\d\d-\d\d$/ }
  return forms[order.type].test(key)
}

/**
 * The statements that answer a page, in the order they are to be run until the page is full. `backward` runs against the
 * order; the caller turns the rows around.
 */
export function stretchesOf(order: Order, from: Position | null, backward: boolean): Stretch[] {
  const falling = order.descending !== backward
  const way = falling ? sql`desc` : sql`asc`
  const beyond = falling ? sql`<` : sql`>`
  if (!order.key) {
    return [{ where: from ? sql`${order.id} ${beyond} ${from.id}::bigint` : sql`true`, orderBy: sql`${order.id} ${way}` }]
  }
  const key = order.collation ? sql`${order.key} collate ${sql.id(order.collation)}` : order.key
  const passed = from && from.key !== null ? sql` and (${key}, ${order.id}) ${beyond} (${value(order, from.key)}, ${from.id}::bigint)` : sql``
  const filled: Stretch = { where: sql`${order.key} is not null${passed}`, orderBy: sql`${key} ${way}, ${order.id} ${way}` }
  const empty: Stretch = {
    where: sql`${order.key} is null${from && from.key === null ? sql` and ${order.id} ${beyond} ${from.id}::bigint` : sql``}`,
    orderBy: sql`${order.id} ${way}`
  }
  if (backward) return from?.key === null || from === null ? [empty, filled] : [filled]
  return from?.key === null ? [empty] : [filled, empty]
}

function value(order: Order, key: string): RawBuilder<unknown> {
  return sql`${key}::${sql.raw(order.type)}`
}
