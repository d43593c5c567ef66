import type { Stored } from '../catalog/target.ts'
import { isDate, isMinute, isNumber } from '../conditions/check-condition.ts'
import { delimiterOf, type Field } from '../conditions/field.ts'
import { formatDay, formatSecond } from './format-value.ts'
import type { Cell } from './queries/list.ts'

export const longestText = 10_000
export const mostValues = 1000
const oldest = 150

/** What stands in the editor of a value: one text, the several values of a tag one per line. */
export function editText(value: Cell, timeZone: string): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map(oneLine).join('\n')
  if (value instanceof Date) return formatSecond(value, timeZone).replace(' ', 'T').replace(/:00$/, '')
  return value.replace(/\r\n?/g, '\n')
}

/** A value with a line break would become two. */
function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ')
}

export type TypedValue = { value: Stored } | { message: string }

/** What was typed into the editor of a field as it is stored, or what is wrong with it in one sentence. Empty is a value too. */
export function readTyped(field: Field, typed: string, now: Date, timeZone: string): TypedValue {
  if (typed.includes('\u0000')) return { message: 'This holds a character that cannot be kept (NUL). Type it anew.' }
  if (typed.length > longestText) return { message: `This is too long: ${typed.length.toLocaleString('en')} characters. At most ${longestText.toLocaleString('en')} can be kept.` }
  const text = typed.replace(/\r\n?/g, '\n').trim()
  if (text === '') return { value: null }
  switch (field.type) {
    case 'number': return readNumber(field, text)
    case 'date': return readDate(field, text, now, timeZone)
    case 'time': return readTime(text)
    case 'choice': return readChoice(field, text)
    case 'multi': return readSeveral(field, text)
    default: return { value: text }
  }
}

function readNumber(field: Field, text: string): TypedValue {
  // Separators of thousands are for people.
  const plain = text.replace(/(?<=\d),(?=\d{3}(\D|$))/g, '')
  if (!isNumber(plain)) return { message: `“${short(text)}” is not a number. Write it with digits and a decimal point, such as 1250.5.` }
  if (field.attribute?.code === 'age' && !(Number.isInteger(Number(plain)) && Number(plain) >= 0 && Number(plain) <= oldest)) return { message: `An age is a whole number from 0 to ${oldest}.` }
  return { value: plain }
}

function readDate(field: Field, text: string, now: Date, timeZone: string): TypedValue {
  if (!isDate(text)) return { message: `“${short(text)}” is not a date that exists. Write it as year, month and day, such as 1988-02-17.` }
  if (field.attribute?.code !== 'birthday') return { value: text }
  const today = formatDay(now, timeZone)
  if (text > today) return { message: 'A birthday cannot be in the future.' }
  if (Number(text.slice(0, 4)) < Number(today.slice(0, 4)) - oldest) return { message: `A birthday cannot be more than ${oldest} years ago.` }
  return { value: text }
}

function readTime(text: string): TypedValue {
  const whole = isDate(text) ? `${text}T00:00` : text
  if (!isMinute(whole)) return { message: `“${short(text)}” is not a date and time that exists. Write it such as 2024-03-18 10:22.` }
  return { value: whole.replace(' ', 'T') }
}

function readChoice(field: Field, text: string): TypedValue {
  const choice = field.attribute?.choices?.find((one) => one.toLowerCase() === text.toLowerCase())
  return choice === undefined ? { message: `“${short(text)}” is not one of the choices of ${field.label}.` } : { value: choice }
}

function readSeveral(field: Field, text: string): TypedValue {
  const values = [...new Set(text.split('\n').flatMap((line) => line.split(delimiterOf(field))).map((value) => value.trim()).filter((value) => value !== ''))]
  if (values.length > mostValues) return { message: `These are ${values.length.toLocaleString('en')} values. At most ${mostValues.toLocaleString('en')} can be kept.` }
  return { value: values.length ? values : null }
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
