/** What is shown of a value of which nothing but its being there may be known. */
export const maskedWhole = '***'

/**
 * What is left of a masked text: j***@example.com, 138****5678, of other long ones the ends, of short ones the first
 * character, of a single character nothing. For made-up examples; real values are masked by the same rules in the database
 * (users/queries/mask.ts), so that they never leave it.
 */
export function maskText(text: string): string {
  const letters = [...text]
  const first = (count: number) => letters.slice(0, count).join('')
  const last = (count: number) => letters.slice(-count).join('')
  if (/^[^@ \t\n\r\f\v]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$/.test(text)) {
    const at = letters.indexOf('@')
    return `${at > 1 ? first(1) : ''}${maskedWhole}${letters.slice(at).join('')}`
  }
  if (/^\+?[0-9]{11,15}$/.test(text)) return `${first(3)}****${last(4)}`
  if (letters.length >= 9) return `${first(3)}****${last(2)}`
  return `${letters.length > 1 ? first(1) : ''}${maskedWhole}`
}
