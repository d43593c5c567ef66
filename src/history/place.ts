import { Invalid } from '../problem.ts'
import type { EntryPlace } from './queries/entries.ts'

export function writePlace({ at, id }: EntryPlace): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url')
}

/** The place a cursor stands for; throws Invalid for anything that was not written here. */
export function readPlace(cursor: string): EntryPlace {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    if (typeof at === 'string' && typeof id === 'string' && /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d){0,2}$/.test(at) && /^\d{1,18}$/.test(id)) return { at, id }
  } catch { /* answered below, as anything else that is no cursor */ }
  throw new Invalid('This page of the history is not known. Start again from the newest entry.')
}
