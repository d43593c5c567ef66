import { isDate, isNumber } from '../conditions/check-condition.ts'
import { delimiterOf, type Field } from '../conditions/field.ts'
import { readTyped, type TypedValue } from '../users/typed-value.ts'

/** A value as a program gives it, as it is stored, or what is wrong with it. It takes what the API gives, and a time or a day of the installation as people type it. */
export function readGiven(field: Field, given: string | string[] | null, now: Date, timeZone: string): TypedValue {
  if (given === null) return { value: null }
  if (field.type === 'multi') return readValues(field, typeof given === 'string' ? [given] : given, now, timeZone)
  if (typeof given !== 'string') return { message: 'This field has one value, and takes one text.' }
  const text = given.trim()
  if (field.type === 'number' && text !== '' && !isNumber(text)) return { message: 'Write a number with digits and a decimal point, such as 1250.5.' }
  if (field.type === 'time' && isMoment(text)) return { value: text }
  return readTyped(field, given, now, timeZone)
}

function readValues(field: Field, given: readonly string[], now: Date, timeZone: string): TypedValue {
  const delimiter = delimiterOf(field)
  const wrong = given.find((one) => one.trim() === '' || one.includes('\n') || one.includes('\r') || one.includes(delimiter))
  if (wrong !== undefined) return { message: wrong.trim() === '' ? 'A value is empty. Leave it out.' : `A value holds a line break or “${delimiter}”, which separates values in the source.` }
  return readTyped(field, given.join('\n'), now, timeZone)
}

/** RFC 3339, of a day that exists. */
function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/.test(text) && isDate(text.slice(0, 10))
}
