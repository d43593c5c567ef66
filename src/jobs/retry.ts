import type { May, Permission } from '../access/permissions.ts'
import type { JobStatus } from '../db/database.ts'
import { isOpen } from './labels.ts'

/** What decides whether a job can run once more: everything it was told to do stands in its payload and in what that names. */
export interface Ended {
  kind: string
  status: JobStatus
  origin: 'server' | 'command'
  /** A later job of its kind about the same thing was done since, which it would take back. */
  overtaken: boolean
  /** What it works on is not kept any more: the choice of users, or the file that was uploaded. */
  lost: boolean
}

/** Kinds that can run once more, and who may say so; a kind that is not named has a way of its own, or none. */
const permissionOf: Partial<Record<string, Permission>> = {
  import: 'imports', undo_run: 'imports', remove_source: 'imports', remap: 'id_types', reproject: 'jobs', statistics: 'jobs', batch: 'user_360.batch_tag', undo: 'user_360.undo',
  erase: 'user_360.erase', export: 'user_360.export', audience: 'audiences.manage'
}

/** Why a job cannot run once more, in words; '' where it can. Jobs begin from the beginning, and those that ended badly changed nothing. */
export function whyNoRetry({ kind, status, origin, overtaken, lost }: Ended): string {
  if (isOpen(status)) return 'It has not ended yet.'
  if (status === 'done') return 'It is done.'
  if (kind === 'push') return 'A push is continued on its own page.'
  if (permissionOf[kind] === undefined) return 'This job cannot be begun anew.'
  if (origin === 'command') return 'It belongs to a command. Run the command again.'
  if (overtaken) return 'Something of the same kind was done since, which it would take back. Begin it where it was ordered, with what holds now.'
  if (lost) return kind === 'batch' ? 'The choice of users is kept for a day only. Choose them again.' : 'Its file is not kept any more. Bring it in again.'
  return ''
}

/** What a role must include for a job of this kind to be ordered. */
export function retryPermission(kind: string): Permission | undefined {
  return permissionOf[kind]
}

/** Who ordered a job may let it run once more, and who may see the jobs of others; both only while they may order its kind. */
export function mayRetry({ kind }: { kind: string }, own: boolean, may: May): boolean {
  const permission = permissionOf[kind]
  return permission !== undefined && may(permission) && (own || may('jobs'))
}
