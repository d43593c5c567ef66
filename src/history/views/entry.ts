import type { Permission } from '../../access/permissions.ts'
import { changeLine, entryLine, type ChangeLine, type EntryLine, type LineOptions } from '../lines.ts'
import type { EntryRow } from '../queries/entries.ts'
import type { ItemRow } from '../queries/items.ts'

export interface ItemModel { user: string; userUrl: string; label: string; changes: ChangeLine[] }

export interface EntryModel {
  heading: string; line: EntryLine
  facts: { label: string; text: string; url: string }[]
  items: ItemModel[]; withUsers: boolean; empty: string; firstUrl: string; nextUrl: string
}

export function entryModel(entry: EntryRow, items: ItemRow[], options: LineOptions, { other, more, later }: { other: EntryRow | undefined; more: boolean; later: boolean }): EntryModel {
  const line = entryLine(entry, options)
  const own = `/settings/history/${entry.id}`
  const alias = options.access.source(entry.sourceId ?? 0)?.alias
  const fact = (label: string, text: string, url = '') => ({ label, text, url })
  const last = items.at(-1)
  const link = (permission: Permission, url: string) => (options.may?.(permission) ? url : '')
  return {
    heading: line.what, line,
    facts: [
      fact('When', line.when), fact('Who', line.who), ...(entry.token === null ? [] : [fact('By way of', `the API, token ${entry.token}`)]), fact('Kind', line.kind), ...(alias ? [fact('Source', alias, link('imports', `/settings/sources/${entry.sourceId}`))] : []),
      ...(entry.runId === null ? [] : [fact('Run', `Run ${entry.runId}`, link('imports', `/settings/imports/${entry.runId}`))]), ...(entry.jobId === null ? [] : [fact('Job', `Job ${entry.jobId}`, link('jobs', `/settings/jobs/${entry.jobId}`))]),
      ...(other ? [fact(entry.undoneBy === null ? 'Takes back' : 'Taken back', entryLine(other, options).when, `/settings/history/${other.id}`)] : [])
    ],
    items: items.map((item) => { const change = changeLine(item, options); return { user: item.userId ?? '', userUrl: item.userId ? link('user_360.view', `/users/${item.userId}`) : '', label: change.label, changes: [change] } }),
    withUsers: items.some((item) => item.userId !== null),
    empty: later ? 'Nothing comes after this.' : 'This entry has no single changes to show.', firstUrl: later ? own : '', nextUrl: more && last ? `${own}?after=${last.place}` : ''
  }
}
