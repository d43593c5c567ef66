import { storable } from '../form.ts'

/** What stands in an address or in a posted form, before anybody looked at it. */
export type Params = Record<string, unknown>

/** One text of a parameter, the last where it is repeated. */
export function oneOf(params: Params, name: string): string {
  const value = params[name]
  return storable(String((Array.isArray(value) ? value.at(-1) : value) ?? ''))
}

export function allOf(params: Params, name: string): string[] {
  const value = params[name]
  return value === undefined ? [] : (Array.isArray(value) ? value : [value]).map((item) => storable(String(item)))
}
