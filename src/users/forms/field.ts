import { Invalid } from '../../problem.ts'

/** What the form of one value sends: what was typed, what its editor showed at first, and the state it was opened on. */
export interface FieldInput {
  text: string; was: string | null; version: string
  /** Whether Save or Enter sent it, not leaving: then the focus stays. */
  pressed: boolean
}

/** Reads the form of one value as it was typed: nothing is trimmed, so that untouched stays untouched. */
export function readInput(body: unknown): FieldInput {
  const text = rawText(body, 'value')
  if (text === null) throw new Invalid('This form holds no value. Open the editor again.')
  return { text, was: rawText(body, 'was'), version: rawText(body, 'version') ?? '', pressed: rawText(body, 'act') === 'save' }
}

/** A field of a form; null where it is missing or repeated. */
export function rawText(body: unknown, name: string): string | null {
  const value = (body as Record<string, unknown> | null | undefined)?.[name]
  return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : null
}
