import { trimBlanks } from './blanks.ts'

/** Spellings of a gender in files, lower case. Anything else that is not empty is read as unknown. */
export const genderWords = {
  male: ['m', 'male', 'man', 'boy', 'mr', 'mr.', '1', '男', '男性', '男士', '先生'],
  female: ['f', 'female', 'woman', 'girl', 'ms', 'ms.', 'mrs', 'mrs.', 'miss', '2', '女', '女性', '女士', '小姐', '太太']
} as const

export type Gender = 'male' | 'female' | 'unknown'

export function readGender(text: string): Gender | undefined {
  const word = trimBlanks(text).toLowerCase()
  if (word === '') return undefined
  if ((genderWords.male as readonly string[]).includes(word)) return 'male'
  return (genderWords.female as readonly string[]).includes(word) ? 'female' : 'unknown'
}
