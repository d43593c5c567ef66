import type { May, Permission } from '../access/permissions.ts'
import type { JobStatus } from '../db/database.ts'

export interface StateLabel { text: string; tone: '' | 'good' | 'warn' | 'bad' }

export const stateLabels: Record<JobStatus, StateLabel> = {
  waiting: { text: 'waiting', tone: '' }, running: { text: 'running', tone: '' }, done: { text: 'done', tone: 'good' },
  stopped: { text: 'stopped', tone: 'bad' }, failed: { text: 'failed', tone: 'bad' }, cancelled: { text: 'cancelled', tone: 'warn' }
}

/** What each kind is called in lists. */
export const kindLabels: Record<string, string> = {
  import: 'Import', undo_run: 'Undo of an import', remove_source: 'Removal of a source', batch: 'Batch', undo: 'Undo of a batch', remap: 'ID mapping', reproject: 'Rebuild', erase: 'Erasure', export: 'Export', audience: 'Audience',
  push: 'Push', statistics: 'Count of values'
}

/** Titles may name tags and sources. Whoever sees the jobs of others and not everything is told the kind alone. */
export function titleFor(job: { kind: string; title: string }, { own, may, everything }: { own: boolean; may: May; everything: boolean }): string {
  return own || everything || (job.kind === 'import' && may('imports')) ? job.title : (kindLabels[job.kind] ?? 'Job')
}

/** Kinds whose work leaves the console as it goes: what was done before they ended stays done. */
export const goesOut: ReadonlySet<string> = new Set(['push'])

export function isOpen(status: JobStatus): boolean {
  return status === 'waiting' || status === 'running'
}

/** Where a job of this kind leads back to. */
export const homeOfKind: Record<string, { href: string; label: string; permission: Permission }> = {
  remap: { href: '/settings/id-types', label: 'ID types', permission: 'id_types' }, reproject: { href: '/settings/attributes', label: 'Attributes', permission: 'attributes' },
  remove_source: { href: '/settings/sources', label: 'Sources', permission: 'imports' }, import: { href: '/settings/sources', label: 'Sources', permission: 'imports' },
  erase: { href: '/settings/erasures', label: 'Erasures', permission: 'user_360.erase' },
  undo_run: { href: '/settings/sources', label: 'Sources', permission: 'imports' }, batch: { href: '/users', label: 'Users', permission: 'user_360.view' }, undo: { href: '/users', label: 'Users', permission: 'user_360.view' }, export: { href: '/users', label: 'Users', permission: 'user_360.view' },
  push: { href: '/pushes', label: 'Pushes', permission: 'audiences.push' },
  audience: { href: '/audiences', label: 'Audiences', permission: 'audiences.view' }
}

/** The counts of a result that people are shown, in this order. */
export const figureLabels: Record<string, string> = {
  rowsErased: 'rows erased', users: 'users recorded', usersChanged: 'of them show another value now', usersBack: 'users put back', usersSkipped: 'users skipped, changed since', usersGone: 'users that are gone',
  usersJoined: 'users joined', usersSplit: 'users split', joinsRefused: 'joins refused', rowsRemoved: 'rows removed', rowsChanged: 'rows changed back', rowsReturned: 'rows that came back', decisionsReturned: 'hand-set values returned', usersRemoved: 'users gone',
  usersExported: 'users in the file', columnsExported: 'columns', itemsGone: 'chosen, but not there any more',
  usersSent: 'users sent', usersRefused: 'users refused', usersLeftOut: 'users left out',
  members: 'members', membersCame: 'came', membersWent: 'left', idsFound: 'IDs found', idsMissing: 'IDs not found', idsAmbiguous: 'IDs found in several users'
}
