/** White space as files hold it; a cell of nothing else is empty. One list for the preview (here) and the import (SQL). */
const characters = ' \t\n\r\f\v\u00A0\u3000\uFEFF'

export const blanks = `E' \\t\\n\\r\\f\\x0B\\u00A0\\u3000\\uFEFF'`

export function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && characters.includes(text.charAt(start))) start++
  while (end > start && characters.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** SQL: the text without white space around it, null where nothing is left. Only cells that begin or end with some pay for it. */
export function trimmedSql(cell: string): string {
  return `case when ascii(${cell}) <= 32 or ascii(${cell}) in (160, 12288, 65279) or strpos(${blanks}, right(${cell}, 1)) > 0 then nullif(btrim(${cell}, ${blanks}), '') else ${cell} end`
}
