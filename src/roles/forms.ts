import { isGrantLevel, type GrantLevel } from '../access/grants.ts'
import { isPermission, type Permission } from '../access/permissions.ts'
import { allTexts, isOn, textOf, wholeNumber } from '../form.ts'
import type { FieldMessages } from '../problem.ts'

export interface DetailsInput { name: string; description: string; isDefault: boolean; needsTwoStep: boolean; seen: string; from: number | null }

export function readDetails(body: unknown): DetailsInput {
  return {
    name: textOf(body, 'name').replace(/\s+/g, ' '), description: textOf(body, 'description'), isDefault: isOn(body, 'isDefault'), needsTwoStep: isOn(body, 'needsTwoStep'),
    seen: textOf(body, 'seen'), from: wholeNumber(textOf(body, 'from'), 1, 2_147_483_647) ?? null
  }
}

export function problemsOfDetails({ name, description }: DetailsInput): FieldMessages {
  return {
    ...(name === '' ? { name: 'Type a name.' } : name.length > 80 ? { name: 'A name has at most 80 characters.' } : {}),
    ...(description.length > 500 ? { description: 'A description has at most 500 characters.' } : {})
  }
}

export function readPermissions(body: unknown): { permissions: Permission[]; seen: string } {
  return { permissions: allTexts(body, 'permission').filter(isPermission), seen: textOf(body, 'seen') }
}

export interface LevelsInput {
  /** By what follows the dash in the name of a control: the id of a column, or the code of an attribute. */
  levels: Map<string, GrantLevel>
  later: GrantLevel | null
  seen: string
}

/** The choices of a form about columns or attributes. "All" stands for each that the form shows. */
export function readLevels(body: unknown): LevelsInput {
  const [all, later] = [textOf(body, 'all'), textOf(body, 'later')]
  const posted = Object.entries((body ?? {}) as Record<string, unknown>).flatMap(([name, level]): [string, GrantLevel][] => {
    const key = /^level-(\w{1,100})$/.exec(name)?.[1]
    return key !== undefined && isGrantLevel(level) ? [[key, isGrantLevel(all) ? all : level]] : []
  })
  return { levels: new Map(posted), later: isGrantLevel(later) ? later : null, seen: textOf(body, 'seen') }
}

/** Those choices that are of columns. */
export function columnLevels(levels: ReadonlyMap<string, GrantLevel>): Map<number, GrantLevel> {
  return new Map([...levels].flatMap(([key, level]) => { const id = wholeNumber(key, 1, 999_999_999); return id === undefined ? [] : [[id, level] as const] }))
}
