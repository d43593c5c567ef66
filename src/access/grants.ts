import type { Condition } from '../catalog/condition.ts'

export const grantLevels = ['hidden', 'masked', 'full'] as const
export type GrantLevel = (typeof grantLevels)[number]

export interface SourceGrant {
  /** For columns not named in `columns`. */
  otherwise: GrantLevel
  columns: Map<number, GrantLevel>
  /** A row that fails it is as if absent. Null or undefined: all rows. */
  rowCondition?: Condition | null
}

/** What a role may see: a source or attribute that is not named is hidden. */
export interface Grants { sources: Map<number, SourceGrant>; attributes: Map<string, GrantLevel> }

export function widest(levels: readonly GrantLevel[]): GrantLevel {
  return levels.includes('full') ? 'full' : levels.includes('masked') ? 'masked' : 'hidden'
}

/** Whether the first shows more than the second. */
export function isWider(level: GrantLevel, than: GrantLevel): boolean {
  return grantLevels.indexOf(level) > grantLevels.indexOf(than)
}

export function isGrantLevel(text: unknown): text is GrantLevel {
  return (grantLevels as readonly unknown[]).includes(text)
}

/** What some grants show of a column; of those that come later where none is named. */
export function columnLevel(grants: Grants, sourceId: number, columnId: number | null): GrantLevel {
  const grant = grants.sources.get(sourceId)
  return (columnId === null ? undefined : grant?.columns.get(columnId)) ?? grant?.otherwise ?? 'hidden'
}

export function attributeLevel(grants: Grants, code: string): GrantLevel {
  return grants.attributes.get(code) ?? 'hidden'
}

/** A source of which every column is hidden is hidden itself: users who have rows in no other are not found. */
export function showsAny(grant: SourceGrant): boolean {
  return grant.otherwise !== 'hidden' || [...grant.columns.values()].some((level) => level !== 'hidden')
}

/**
 * What several roles see together (design.md section 5): columns and attributes unite, the widest level wins; row
 * conditions of a source are joined by "or", and a role that shows it without one shows all its rows.
 */
export function uniteGrants(all: readonly Grants[]): Grants {
  const sources = new Map<number, SourceGrant>()
  for (const id of new Set(all.flatMap((grants) => [...grants.sources.keys()]))) {
    const grants = all.flatMap(({ sources: of }) => of.get(id) ?? []).filter(showsAny)
    if (grants.length) sources.set(id, uniteSource(grants))
  }
  const codes = new Set(all.flatMap((grants) => [...grants.attributes.keys()]))
  return { sources, attributes: new Map([...codes].map((code) => [code, widest(all.map((grants) => grants.attributes.get(code) ?? 'hidden'))])) }
}

function uniteSource(grants: SourceGrant[]): SourceGrant {
  const ids = new Set(grants.flatMap(({ columns }) => [...columns.keys()]))
  const conditions = grants.map(({ rowCondition }) => rowCondition ?? null)
  return {
    otherwise: widest(grants.map(({ otherwise }) => otherwise)),
    columns: new Map([...ids].map((id) => [id, widest(grants.map(({ columns, otherwise }) => columns.get(id) ?? otherwise))])),
    rowCondition: conditions.includes(null) ? null : conditions.length === 1 ? conditions[0] : { or: conditions as Condition[] }
  }
}

/** Do `own` show everything that `others` show, in every column and row? */
export function covers(own: Grants, others: Grants): boolean {
  return [...others.attributes].every(([code, level]) => reaches(own.attributes.get(code) ?? 'hidden', level))
    && [...others.sources].every(([id, grant]) => !showsAny(grant) || coversSource(own.sources.get(id), grant))
}

function coversSource(own: SourceGrant | undefined, other: SourceGrant): boolean {
  if (!own || !showsAny(own)) return false
  const columns = new Set([...own.columns.keys(), ...other.columns.keys()])
  const rows = (own.rowCondition ?? null) === null || JSON.stringify(own.rowCondition) === JSON.stringify(other.rowCondition)
  return rows && reaches(own.otherwise, other.otherwise) && [...columns].every((id) => reaches(own.columns.get(id) ?? own.otherwise, other.columns.get(id) ?? other.otherwise))
}

function reaches(own: GrantLevel, other: GrantLevel): boolean {
  return grantLevels.indexOf(own) >= grantLevels.indexOf(other)
}
