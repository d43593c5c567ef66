import type { Attribute, Catalog, CatalogColumn, CatalogSource } from '../catalog/catalog.ts'
import { effectiveValue } from './overrides-sql.ts'

/** Tags of a source, in the order of the columns of its values table. */
export function tagColumns(source: CatalogSource): CatalogColumn[] {
  return source.columns.filter((column) => column.kind === 'tag')
}

function keepsCellTime(source: CatalogSource): boolean {
  return source.updateTimeColumn === null
}

/** Rows of a source with their user: all, or those of the users in a table. */
export function userRows(source: CatalogSource, scope: string | null): string {
  if (!scope) return `(select coalesce(a.user_id, r.row_number) as user_id, r.* from ${source.rowsTable} r left join row_aliases a on a.row_number = r.row_number)`
  return `(select u.user_id, r.* from ${scope} u join ${source.rowsTable} r on r.row_number = u.user_id where not exists (select from row_aliases a where a.row_number = u.user_id)
    union all select u.user_id, r.* from ${scope} u join row_aliases a on a.user_id = u.user_id join ${source.rowsTable} r on r.row_number = a.row_number)`
}

/** Which users have several rows in this source? Only for them values must be chosen. */
export function severalRows(source: CatalogSource, scope: string | null): string {
  const within = (column: string) => (scope ? ` where ${column} in (select user_id from ${scope})` : '')
  return `select user_id from (
    select a.user_id from row_aliases a join ${source.rowsTable} r on r.row_number = a.row_number${within('a.user_id')}
    union all select distinct a.user_id from row_aliases a join ${source.rowsTable} r on r.row_number = a.user_id${within('a.user_id')}
  ) s group by user_id having count(*) > 1`
}

/** Several rows of one user in one source: the non-empty cell with the latest time, then of the greatest row number. */
function chosen(column: string, wanted: string, time: string): string {
  return `(array_agg(${wanted} order by ${time} desc, row_number desc) filter (where ${column} is not null))[1]`
}

/**
 * Effective tag values of a source by user. `several` names a table of the users with several rows, or null where there
 * are none; `overrides` a table of their hand-set documents, or null.
 */
export function valuesSelect(source: CatalogSource, scope: string | null, several: string | null, overrides: string | null): string {
  const columns = tagColumns(source).map((column) => column.column)
  const list = (items: string[]) => items.map((item) => `, ${item}`).join('')
  const rows = userRows(source, scope)
  const single = `select user_id, 1 as row_count${list(columns)} from ${rows} r${several ? ` where not exists (select from ${several} s where s.user_id = r.user_id)` : ''}`
  // Arrays are aggregated as jsonb: array_agg of arrays of different lengths fails.
  const picked = tagColumns(source).map((column) => `${chosen(column.column, column.type === 'multi' ? `to_jsonb(${column.column})` : column.column, 'row_time')} as ${column.column}`)
  const unwrapped = tagColumns(source).map((column) => (column.type === 'multi' ? `case when ${column.column} is not null then array(select jsonb_array_elements_text(${column.column})) end` : column.column))
  const imported = several ? `${single} union all select user_id, row_count${list(unwrapped)} from (
    select user_id, count(*)::int as row_count${list(picked)} from ${rows} r where exists (select from ${several} s where s.user_id = r.user_id) group by user_id) p` : single
  if (!overrides) return imported
  const values = columns.map((column, index) => `${effectiveValue(tagColumns(source)[index] as CatalogColumn, column, `e.${column}`)} as ${column}`)
  // A user without a row here stands in the table only while a value was set by hand.
  return `select * from (select coalesce(e.user_id, o.user_id) as user_id, coalesce(e.row_count, 0) as row_count${list(values)}
    from (${imported}) e full join (select * from ${overrides} h where not exists (select from removed_rows g where g.row_number = h.user_id)) o on o.user_id = e.user_id) shown
    where row_count > 0 or num_nonnulls(${columns.join(', ')}) > 0`
}

/** One row per user with its attributes, from all sources. `joined` names a table of the users that have more than one row. */
export function usersSelect(catalog: Catalog, scope: string | null, joined: string, overrides: string | null): string {
  const sources = catalog.sources.filter((source) => source.rowsTable)
  const attributes = catalog.attributes
  const lone = sources.map((source) => {
    const cells = attributes.map((attribute) => {
      const column = feeding(source, attribute)
      return `${column ? `r.${column.column}` : `null::${attributeSqlType(attribute)}`} as ${attribute.column}`
    })
    const within = scope ? `${scope} u join ${source.rowsTable} r on r.row_number = u.user_id` : `${source.rowsTable} r`
    return `select r.row_number as user_id, r.created_at, ${source.id} as source_id, ${cells.join(', ')} from ${within}
      where not exists (select from row_aliases a where a.row_number = r.row_number) and not exists (select from ${joined} j where j.user_id = r.row_number)`
  })
  if (sources.length === 0) return `select null::bigint as user_id, null::timestamptz as created_at, null::int as source_id${attributes.map((attribute) => `, null::${attributeSqlType(attribute)} as ${attribute.column}`).join('')} where false`
  const several = joinedUsers(sources, attributes, scope, joined)
  const all = [...lone, ...(several ? [several] : [])].join('\nunion all ')
  if (!overrides) return all
  return `select e.user_id, e.created_at, e.source_id, ${attributes.map((attribute) => `${effectiveValue(attribute, attribute.column, `e.${attribute.column}`)} as ${attribute.column}`).join(', ')}
    from (${all}) e left join ${overrides} o on o.user_id = e.user_id`
}

function joinedUsers(sources: CatalogSource[], attributes: Attribute[], scope: string | null, joined: string): string | null {
  if (sources.length === 0) return null
  const members = scope ? `(select j.user_id from ${joined} j join ${scope} u on u.user_id = j.user_id)` : joined
  const base = sources.map((source) => `select r.row_number as user_id, r.created_at, ${source.id} as source_id from ${members} j join ${source.rowsTable} r on r.row_number = j.user_id`).join(' union all ')
  const joins = sources.map((source) => {
    const cells = attributes.flatMap((attribute) => {
      const column = feeding(source, attribute)
      if (!column) return []
      const time = keepsCellTime(source) ? `${column.column}_at` : 'row_time'
      return [`${chosen(column.column, column.column, time)} as ${attribute.column}`, `${chosen(column.column, time, time)} as ${attribute.column}_at`, `${chosen(column.column, 'row_number', time)} as ${attribute.column}_row`]
    })
    return `left join (select r.user_id${cells.map((cell) => `, ${cell}`).join('')} from ${userRows(source, members)} r group by r.user_id) e${source.id} on e${source.id}.user_id = b.user_id`
  })
  const cells = attributes.map((attribute) => `${assigned(sources, attribute)} as ${attribute.column}`)
  return `select b.user_id, b.created_at, b.source_id, ${cells.join(', ')} from (${base}) b ${joins.join(' ')}`
}

/** Between sources an attribute follows its assignment rule; an empty value never wins. */
function assigned(sources: CatalogSource[], attribute: Attribute): string {
  const feeders = sources.filter((source) => feeding(source, attribute))
  if (feeders.length === 0) return `null::${attributeSqlType(attribute)}`
  const value = (source: CatalogSource) => `e${source.id}.${attribute.column}`
  const place = (source: CatalogSource) => { const at = attribute.sourceOrder.indexOf(source.id); return at < 0 ? Infinity : at }
  if (attribute.rule === 'order') return `coalesce(${feeders.toSorted((a, b) => place(a) - place(b) || a.id - b.id).map(value).join(', ')})`
  if (feeders.length === 1) return value(feeders[0] as CatalogSource)
  const order = attribute.rule === 'latest' ? 'desc' : 'asc'
  const candidates = feeders.map((source) => `(${value(source)}, ${value(source)}_at, ${value(source)}_row)`)
  return `case when num_nonnulls(${feeders.map(value).join(', ')}) <= 1 then coalesce(${feeders.map(value).join(', ')})
    else (select v from (values ${candidates.join(', ')}) c (v, at, n) where v is not null order by at ${order}, n ${order} limit 1) end`
}

/** The column of a source that feeds an attribute: at most one, and of its type. */
export function feeding(source: CatalogSource, attribute: Attribute): CatalogColumn | undefined {
  return source.columns.find((column) => column.kind === 'attribute' && column.attribute === attribute.code && column.type === attribute.type)
}

export function attributeSqlType(attribute: Attribute): string {
  return { text: 'text', choice: 'text', number: 'numeric', date: 'date', time: 'timestamptz' }[attribute.type]
}
