import type { LightMyRequestResponse } from 'fastify'

/** Something that nobody types by accident. `mark` is what of it shows wherever it is kept; `long`: longer than a name or a number may be; `code`: for what only machines write, too. */
export interface BadValue { what: string; text: string; mark: string; long?: boolean; code?: boolean }

export const markup = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>'; drop table operators; -- %_\\ {{7*7}}`
export const header = 'a\r\nSet-Cookie: evil=1\r\n\r\n<script>alert(1)</script>'

/** What a text can be, whatever is asked for. */
export const badValues: readonly BadValue[] = [
  { what: 'HTML and SQL', text: markup, mark: 'drop table operators', code: true },
  { what: 'a header', text: header, mark: 'Set-Cookie: evil', code: true },
  { what: 'a path', text: '../../../../etc/passwd', mark: 'etc/passwd', code: true },
  { what: 'a path that is encoded', text: '%2e%2e%2f%2e%2e%2fetc%2fpasswd', mark: '2fetc%2fpasswd' },
  { what: 'NUL', text: 'with\0zero', mark: 'withzero', code: true },
  { what: 'NUL alone', text: '\0', mark: '\ufffd' },
  { what: 'writing that runs backwards', text: '\u202eabc\u200f مرحبا e\u0301\ufeff', mark: 'مرحبا' },
  { what: 'emoji that a cut would halve', text: `a${'😀'.repeat(150)}`, mark: '😀😀', code: true },
  { what: 'no number', text: 'NaN', mark: 'NaN' },
  { what: 'a negative number', text: '-1', mark: '"-1"', code: true },
  { what: 'a number beyond what is there', text: '999999999', mark: '999999999' },
  { what: 'a number beyond integers', text: '9223372036854775808', mark: '9223372036854775808', code: true },
  { what: 'a number beyond numbers', text: '1e400', mark: '1e400', code: true },
  { what: 'half a number', text: '1.5', mark: '1.5' },
  { what: 'a key of every object', text: '__proto__', mark: '__proto__' },
  { what: 'a function of every object', text: 'constructor', mark: 'constructor', code: true },
  { what: 'JSON of another shape', text: '{"__proto__":{"a":[null]}}', mark: '__proto__' },
  { what: 'JSON with half a character', text: '[["attribute:city","is","\\ud800"]]', mark: 'ud800', code: true },
  { what: '10,000 characters', text: '数x'.repeat(5000), mark: '数x数x', long: true, code: true }
]

/** Beyond what any field, name or address may hold. */
export const enormous: BadValue = { what: 'a million characters', text: 'x'.repeat(1_000_000), mark: 'x'.repeat(100), long: true }

/** The ways in which an encoding itself is broken, as it stands behind a name. */
export const brokenCodes: readonly { what: string; text: string }[] = [
  { what: 'half a code', text: '%' }, { what: 'no code', text: '%zz' }, { what: 'half a character', text: '%ED%A0%80' }, { what: 'no UTF-8', text: '%FF%C0%AF' }
]

/** Queries and forms in which `name` is not what a form of a page sends: repeated, a list, an object, or its encoding is broken. */
export function brokenPairs(name: string, value = 'a'): { what: string; text: string }[] {
  const key = encodeURIComponent(name)
  const text = encodeURIComponent(value)
  return [
    { what: 'it twice', text: `${key}=${text}&${key}=b` }, { what: 'a list', text: `${key}[]=${text}` }, { what: 'an object', text: `${key}[__proto__]=${text}&${key}[a][b]=1` }, { what: 'a name alone', text: key },
    ...brokenCodes.map(({ what, text: code }) => ({ what, text: `${key}=${code}` }))
  ]
}

/** Names that every object has, and names that are none. */
export const strangeNames = '__proto__=a&constructor=b&toString=c&hasOwnProperty=d&__proto__[a]=e&constructor[prototype][a]=f&=g&%00=h&%ED%A0%80=i&then=j&length=k'

/** What is wrong with an answer, whatever was asked; '' where nothing is. */
export function wrongWith({ statusCode, headers, body }: Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>): string {
  if (statusCode >= 500) return `${statusCode}`
  const all = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
  if (all.some((line) => /[\r\n\0]/.test(line) || line.startsWith('set-cookie: evil'))) return 'a header of its own'
  if (/^(?!\/(?!\/))/.test(String(headers.location ?? '/'))) return `leads away, to ${headers.location}`
  if (String(headers['content-type']).includes('html') && body.includes('<script>alert(')) return 'markup of its own'
  return ''
}
