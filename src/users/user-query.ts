import type { Access } from '../access/access.ts'
import type { Condition } from '../catalog/condition.ts'
import { problemOf, unknownField } from '../conditions/check-condition.ts'
import { readConditions, writeConditions } from '../conditions/condition-text.ts'
import { findOpenField } from '../conditions/field.ts'
import { allOf, oneOf, type Params } from '../conditions/params.ts'

export const pageSizes = [20, 50, 100, 200] as const
export const defaultSize = 50

export interface Sort { by: string; descending: boolean }
export interface Place { direction: 'after' | 'before'; cursor: string }

/** What an address of the list asks for. */
export interface UserQuery { id: string; levels: string[]; where: Condition[]; sort: Sort; size: number; place: Place | null }

export const everyone: UserQuery = { id: '', levels: [], where: [], sort: { by: 'created', descending: true }, size: defaultSize, place: null }

/** Reads an address. What cannot be taken is left out of the query and said in `problems`, so that the rest is not lost. */
export function readQuery(access: Access, params: Params): { query: UserQuery; problems: string[] } {
  const problems: string[] = []
  const query: UserQuery = {
    id: oneOf(params, 'id').trim(), levels: readLevels(access, params, problems), where: readWhere(access, params, problems),
    sort: readSort(access, params, problems), size: readSize(params, problems), place: readPlace(params)
  }
  return { query, problems }
}

/** Reads the part of an address after its question mark, as writeQuery wrote it. */
export function readQueryText(access: Access, text: string): { query: UserQuery; problems: string[] } {
  const params = new URLSearchParams(text)
  return readQuery(access, Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name)])))
}

/** The condition tree behind the whole query, its short forms included. */
export function conditionOf(query: UserQuery): Condition {
  return { and: partsOf(query).map((part) => part.condition) }
}

export interface QueryPart { condition: Condition; without: UserQuery }

/** Each condition that people see as one, with the query that is left when it goes. */
export function partsOf(query: UserQuery): QueryPart[] {
  const first = { ...query, place: null }
  return [
    ...(query.id ? [{ condition: { field: 'id' as const, operator: 'is' as const, values: [query.id] }, without: { ...first, id: '' } }] : []),
    ...(query.levels.length ? [{ condition: { field: 'attribute:member_level' as const, operator: 'is' as const, values: query.levels }, without: { ...first, levels: [] } }] : []),
    ...query.where.map((condition, index) => ({ condition, without: { ...first, where: query.where.toSpliced(index, 1) } }))
  ]
}

/** The canonical address: what is as usual is not in it. */
export function writeQuery(query: UserQuery): string {
  const params = new URLSearchParams()
  if (query.id) params.set('id', query.id)
  for (const level of query.levels) params.append('level', level)
  if (query.where.length) params.set('where', writeConditions(query.where))
  if (query.sort.by !== everyone.sort.by || query.sort.descending !== everyone.sort.descending) params.set('sort', `${query.sort.descending ? '-' : ''}${query.sort.by}`)
  if (query.size !== defaultSize) params.set('size', String(query.size))
  if (query.place) params.set(query.place.direction, query.place.cursor)
  return params.toString()
}

export function addressOf(query: UserQuery, path = '/users'): string {
  const text = writeQuery(query)
  return text ? `${path}?${text}` : path
}

function readLevels(access: Access, params: Params, problems: string[]): string[] {
  const levels = [...new Set(allOf(params, 'level').map((level) => level.trim()))]
  if (levels.length && !findOpenField(access, 'attribute:member_level')) {
    problems.push(unknownField)
    return []
  }
  return levels.slice(0, 200)
}

function readWhere(access: Access, params: Params, problems: string[]): Condition[] {
  const text = oneOf(params, 'where')
  if (text === '') return []
  const conditions = readConditions(text)
  if (!conditions) {
    problems.push('The conditions in this address cannot be read.')
    return []
  }
  return conditions.filter((condition) => {
    const problem = problemOf(access, condition)
    if (problem) problems.push(problem)
    return !problem
  })
}

function readSort(access: Access, params: Params, problems: string[]): Sort {
  const text = oneOf(params, 'sort')
  if (text === '') return everyone.sort
  const sort = { by: text.replace(/^-/, ''), descending: text.startsWith('-') }
  if (isSortable(access, sort.by)) return sort
  problems.push('The list cannot be sorted by a field that does not exist here.')
  return everyone.sort
}

/** Created, user ID, source, and attributes and tags with one value; never IDs, and nothing masked. */
export function isSortable(access: Access, by: string): boolean {
  if (by === 'created' || by === 'user_id' || by === 'source') return true
  const type = by === 'id' ? undefined : findOpenField(access, by)?.type
  return type !== undefined && type !== 'multi' && type !== 'id'
}

function readSize(params: Params, problems: string[]): number {
  const text = oneOf(params, 'size')
  if (text === '') return defaultSize
  const size = pageSizes.find((one) => String(one) === text)
  if (size === undefined) problems.push('A page can have 20, 50, 100 or 200 rows.')
  return size ?? defaultSize
}

function readPlace(params: Params): Place | null {
  for (const direction of ['after', 'before'] as const) {
    const cursor = oneOf(params, direction)
    if (cursor) return { direction, cursor }
  }
  return null
}
