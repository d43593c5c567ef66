import { md5Key, shaKey } from './normalise.ts'

/** Words that stand for "no value" in files. Each counts in lower, upper and title case. The setting `placeholders` replaces them. */
export const defaultPlaceholders: readonly string[] = ['0', '-', '--', '.', 'null', '(null)', 'unknown', 'none', 'nil', 'n/a', 'na', 'nan', 'undefined', 'empty', 'test', 'anonymous', '无', '未知', '空', '没有', '匿名', '暂无']

const longestRepeat = 20

/**
 * Match keys of all placeholders, plain and hashed: the listed words, and every text of 1 to 20 equal digits. Keys, so that
 * a hashed column is checked without knowing its plain values.
 */
export function placeholderKeys(words: readonly string[]): string[] {
  const texts = new Set<string>([''])
  for (const word of words) for (const text of [word.trim(), word.trim().toLowerCase(), word.trim().toUpperCase(), titleCase(word.trim())]) texts.add(text)
  for (let length = 1; length <= longestRepeat; length++) for (let digit = 0; digit <= 9; digit++) texts.add(String(digit).repeat(length))
  const keys = new Set<string>()
  for (const text of texts) { keys.add(md5Key(text)); keys.add(shaKey(text)) }
  return [...keys]
}

function titleCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()
}

