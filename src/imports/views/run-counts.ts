import type { May } from '../../access/permissions.ts'
import { writeConditions } from '../../conditions/condition-text.ts'
import { formatNumber } from '../../format.ts'
import { reasonLabels } from '../labels.ts'
import type { Run } from '../queries.ts'

export interface Figure { label: string; value: string }
export interface CountLine { bold: string; text: string; href: string; link: string; download: boolean }

/** The counts of a run that is done. */
export function figuresOf(run: Run): Figure[] {
  if (run.status !== 'done') return []
  const figure = (label: string, value: number | null) => ({ label, value: formatNumber(value ?? 0) })
  return [
    figure('new rows', run.new), figure('changed', run.changed), figure('unchanged', run.unchanged), figure('rejected', run.rejected),
    ...(run.whole ? [figure('removed', run.removed)] : []), figure('users new', run.usersNew), figure('users joined', run.usersJoined)
  ]
}

/** The list of users with hand-set values of a source, as they are now. */
function handSetList(source: number, moved: boolean): string {
  return `/users?where=${encodeURIComponent(writeConditions([{ handSet: { moved, source } }]))}`
}

/** What of a run is worth a look, with the way there. Of an undone one only what is still there. */
export function linesOf(run: Run, rejects: { reasons: { reason: string; count: number }[]; rejectedKept: boolean; may: May }): CountLine[] {
  return [...(run.undone ? [] : outcomeLines(run, rejects.may)), ...rejectedLines(run, rejects)]
}

function outcomeLines(run: Run, may: May): CountLine[] {
  const users = (moved: boolean) => (may('user_360.view') ? handSetList(run.sourceId, moved) : '')
  const line = (count: number | null, one: string, many: string, href = '', link = 'Show their users'): CountLine[] => (count ? [{ bold: formatNumber(count), text: count === 1 ? one : many, href, link: href ? link : '', download: false }] : [])
  return [
    ...line(run.decisionsKept, 'hand-set value kept', 'hand-set values kept', users(false)),
    ...line(run.decisionsEnded, 'hand-set value ended by its policy', 'hand-set values ended by their policy'),
    ...line(run.decisionsDiffer, 'hand-set value now differs from its source', 'hand-set values now differ from their source', users(true)),
    ...line(run.usersJoined, 'user turned out to be one known before and was joined with it; its old ID leads there', 'users turned out to be others known before and were joined with them; their old IDs lead there'),
    ...line(run.usersSplit, 'user was split off: what joined it to another is not in the data any more', 'users were split off: what joined them to others is not in the data any more'),
    ...line(run.erased, 'row left out: it is of a person who was erased', 'rows left out: they are of people who were erased', may('user_360.erase') ? '/settings/erasures' : '', 'Erasures'),
    ...line(run.joinsRefused, 'join refused, for review', 'joins refused, for review', may('id_types') ? '/settings/refused-joins' : '', 'Review')
  ]
}

function rejectedLines(run: Run, { reasons, rejectedKept }: { reasons: { reason: string; count: number }[]; rejectedKept: boolean }): CountLine[] {
  const rejected = run.rejected ?? 0
  if (rejected === 0) return []
  const why = reasons.length ? `: ${reasons.map(({ reason, count }) => `${formatNumber(count)} ${reasonLabels[reason] ?? reason.replaceAll('_', ' ')}`).join(', ')}` : ''
  const gone = rejectedKept ? '' : '; they were deleted meanwhile'
  return [{ bold: formatNumber(rejected), text: `${rejected === 1 ? 'row' : 'rows'} rejected${why}${gone}`, href: rejectedKept ? `/settings/imports/${run.id}/rejected.csv` : '', link: rejectedKept ? 'Download rejected rows' : '', download: rejectedKept }]
}
