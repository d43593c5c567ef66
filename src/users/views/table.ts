import type { Access } from '../../access/access.ts'
import type { ListColumn } from '../columns.ts'
import { formatMinute, formatValue } from '../format-value.ts'
import type { HandMark, ListedUser, UserList } from '../read-list.ts'
import { addressOf, pageSizes, writeQuery, type Sort, type UserQuery } from '../user-query.ts'

export interface HeadModel { label: string; href: string | null; sorted: 'ascending' | 'descending' | null; numeric: boolean; name: boolean; id: string }
export interface CellModel { text: string; title: string; kind: 'plain' | 'clip' | 'code' | 'number' | 'quiet'; hand: HandMark }
/** A link of a row; a `dialog` opens over the list where there is a script. */
export interface RowAction { label: string; href: string; about: string; dialog: boolean; id: string }
export interface RowModel {
  id: string; name: string; hand: HandMark; tick: string; href: string; cells: CellModel[]; actions: RowAction[]
  /** The event that asks for the row to be read anew. */
  event: string
}
/** What the operator may do with a user of the list. */
export interface RowRights { edit: boolean; tag: boolean; batch: boolean; audience: boolean }
/** What a row needs to know of the list it stands in. */
export interface RowContext { access: Access; query: UserQuery; columns: ListColumn[]; may: RowRights; timeZone: string }
export interface TableModel {
  head: HeadModel[]; rows: RowModel[]; sizes: { size: number; href: string; current: boolean }[]
  previous: string | null; next: string | null
  /** Whether ticked users can be tagged together. */
  batch: boolean
  /** Whether ticked users can be saved as an audience. */
  audience: boolean
  /** The query, as addresses carry it. */
  query: string
  /** What is said of "all that match": the number, once it is known. */
  all: string
}

/** The rows of a page, with their links: everything formatted. */
export function tableModel(context: RowContext, list: UserList, all: string): TableModel {
  const { query, columns } = context
  const first = { ...query, place: null }
  return {
    all, batch: context.may.batch, audience: context.may.audience, query: writeQuery(first),
    head: columns.map((column) => headModel(column, first)),
    rows: list.users.map((user) => rowModel(context, user)),
    sizes: pageSizes.map((size) => ({ size, href: addressOf({ ...first, size }), current: size === query.size })),
    previous: list.before === null ? null : addressOf({ ...query, place: { direction: 'before', cursor: list.before } }),
    next: list.after === null ? null : addressOf({ ...query, place: { direction: 'after', cursor: list.after } })
  }
}

function headModel(column: ListColumn, query: UserQuery): HeadModel {
  const sorted = column.sortBy !== null && column.sortBy === query.sort.by ? (query.sort.descending ? 'descending' : 'ascending') : null
  const href = column.sortBy === null ? null : addressOf({ ...query, sort: nextSort(column, column.sortBy, query.sort) })
  return { label: column.label, href, sorted, numeric: column.numeric, name: column.kind === 'name', id: `sort-${column.ref.replace(':', '-')}` }
}

/** Numbers and times begin with the greatest, texts with the first; a second click turns the order. */
function nextSort(column: ListColumn, by: string, now: Sort): Sort {
  if (now.by === by) return { by, descending: !now.descending }
  const type = column.field?.type
  return { by, descending: column.kind === 'created' || type === 'number' || type === 'time' || type === 'date' }
}

export function rowModel({ access, query, columns, may, timeZone }: RowContext, user: ListedUser): RowModel {
  const inQuery = encodeURIComponent(writeQuery({ ...query, place: null }))
  const values = columns.filter((column) => column.field)
  const valueOf = (column: ListColumn) => (column.field ? formatValue(column.field.type, user.cells[values.indexOf(column)] ?? null, timeZone) : '')
  const handOf = (column: ListColumn | undefined) => (column?.field ? user.hands[values.indexOf(column)] ?? '' : '')
  const name = columns[0]?.field ? valueOf(columns[0]) : `User ${user.id}`
  const href = `/users/${user.id}?in=${inQuery}`
  const called = name || `user ${user.id}`
  return {
    id: user.id, name, hand: handOf(columns[0]), href, tick: `Tick ${called}`, event: `user-${user.id}-changed`,
    actions: [
      { label: 'Details', href, about: `of ${called}`, dialog: false, id: '' },
      ...(may.edit ? [{ label: 'Edit', href: `/users/${user.id}/edit`, about: called, dialog: true, id: `edit-user-${user.id}` }] : []),
      ...(may.tag ? [{ label: 'Tag', href: `/users/${user.id}/taggings/new`, about: called, dialog: true, id: `tag-user-${user.id}` }] : [])
    ],
    cells: columns.slice(1).map((column) => ({ ...cellModel(column, user, valueOf(column), access, timeZone), hand: handOf(column) }))
  }
}

type BareCell = Omit<CellModel, 'hand'>

function cellModel(column: ListColumn, user: ListedUser, value: string, access: Access, timeZone: string): BareCell {
  const plain = (text: string): BareCell => ({ text, title: '', kind: 'plain' })
  if (column.kind === 'created') return plain(formatMinute(user.createdAt, timeZone))
  if (column.kind === 'user_id') return { text: user.id, title: '', kind: 'code' }
  if (column.kind === 'source') return sourceCell(user.sourceId === null ? undefined : access.source(user.sourceId)?.alias)
  if (column.kind === 'mobile') return mobileCell(user)
  if (column.numeric) return { text: value, title: '', kind: 'number' }
  return value.length > 12 ? { text: value, title: value, kind: 'clip' } : plain(value)
}

function sourceCell(alias: string | undefined): BareCell {
  return alias === undefined ? { text: 'another source', title: '', kind: 'quiet' } : { text: alias, title: alias, kind: 'clip' }
}

function mobileCell({ mobile }: ListedUser): BareCell {
  if (!mobile) return { text: '', title: '', kind: 'plain' }
  if (!mobile.onlyAs) return { text: mobile.text, title: '', kind: mobile.text.length > 18 ? 'clip' : 'plain' }
  return { text: shortHash(mobile.text), title: `Known only as ${mobile.onlyAs === 'MD5' ? 'an MD5' : 'a SHA256'} value`, kind: 'code' }
}

function shortHash(text: string): string {
  return text.length > 16 ? `${text.slice(0, 8)}…${text.slice(-4)}` : text
}
