import type { ExceptionKind, MappingException } from './mapping-settings.ts'

/** An act on one value: it is excluded from ID mapping, allowed to join, or (null) treated like any other again. */
export interface ExceptionAct {
  idType: number; matchKey: string; kind: ExceptionKind | null
  /** The history entry that it takes back. */
  undoes: string | null
}

export function kindOf(exceptions: readonly MappingException[], { idType, matchKey }: { idType: number; matchKey: string }): ExceptionKind | null {
  return exceptions.find((one) => one.idType === idType && one.matchKey === matchKey)?.kind ?? null
}

/** The exceptions after an act. */
export function withAct(exceptions: readonly MappingException[], { idType, matchKey, kind }: ExceptionAct): MappingException[] {
  const others = exceptions.filter((one) => one.idType !== idType || one.matchKey !== matchKey)
  return kind === null ? others : [...others, { idType, matchKey, kind }]
}

/** Exceptions that are in one list and not, or otherwise, in the other. */
export function differing(before: readonly MappingException[], after: readonly MappingException[]): MappingException[] {
  const missingIn = (all: readonly MappingException[]) => (one: MappingException) => kindOf(all, one) !== one.kind
  return [...before.filter(missingIn(after)), ...after.filter(missingIn(before))]
}

export const wordsOfKind = { exclude: 'excluded', allow: 'allowed' } as const
