import type { Access } from '../../access/access.ts'
import { problemOf } from '../../conditions/check-condition.ts'
import { describeText } from '../../conditions/labels.ts'
import { formatNumber, formatTime } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import { everyone, addressOf } from '../../users/user-query.ts'
import { isForsakenFor, isOwn, mayDelete, stateOf, type Audience, type Operator } from '../audience.ts'
import { groupLabel, type AudienceGroup } from '../group.ts'
import { ownerName, problemOfAudience, sizeFor, stateLabel, stateLabels, type StateLabel } from '../labels.ts'

export interface ProgressModel {
  state: StateLabel
  /** Address that answers this part again while it is being built, or ''. */
  pollUrl: string
  percent: string; value: number; stage: string; jobUrl: string
  problem: string
  figures: { label: string; value: string }[]
}

export interface AudienceModel {
  id: number; name: string; description: string; facts: string
  progress: ProgressModel
  /** Address that counts the members whom this operator may find, or ''. */
  countUrl: string
  membersUrl: string; distributionUrl: string
  /** The rules in words, one line for each that must hold; a note where they are not shown. */
  rules: string[]; rulesNote: string
  schedule: string
  editUrl: string; buildUrl: string; copyUrl: string; takeOverUrl: string; deletionUrl: string; exportUrl: string; pushUrl: string; reachUrl: string; pushesUrl: string
}

declare module '../../http/views.ts' {
  interface Views {
    'audiences/audience': AudienceModel
    'audiences/_progress': { progress: ProgressModel }
    'audiences/_size': { text: string }
  }
}

export interface AudienceContext {
  access: Access; operator: Operator; groups: readonly AudienceGroup[]; timeZone: string
  may: { manage: boolean; download: boolean; viewUsers: boolean; push: boolean; reach: boolean }
  /** In words; '' where it is built by hand only. */
  schedule: string
}

export function audienceModel(audience: Audience, context: AudienceContext): AudienceModel {
  const { access, operator, may, groups } = context
  const own = isOwn(audience, operator)
  const at = `/audiences/${audience.id}`
  const shown = rulesFor(access, audience)
  return {
    id: audience.id, name: audience.name, description: audience.description,
    facts: [own ? 'yours' : `of ${ownerName(audience)}`, audience.shared ? 'shared with everybody' : 'private', groupLabel(groups, audience.groupId)].join(' · '),
    progress: progressModel(audience, context), countUrl: own || access.everyUser || audience.size === null ? '' : `${at}/size`, membersUrl: may.viewUsers ? membersAddress(audience.id) : '', distributionUrl: may.viewUsers ? `/users/distribution?in=${encodeURIComponent(membersAddress(audience.id).split('?')[1] ?? '')}` : '',
    rules: shown.rules, rulesNote: shown.note, schedule: audience.kind === 'rules' ? context.schedule ? `Built again: ${context.schedule.charAt(0).toLowerCase()}${context.schedule.slice(1)}.` : 'Built by hand only.' : 'Its users were chosen and stay as they are.',
    editUrl: own && may.manage ? `${at}/edit` : '', buildUrl: own && may.manage && audience.kind === 'rules' ? `${at}/builds` : '', copyUrl: may.manage && audience.kind === 'rules' && shown.note === '' ? `/audiences/new?copy=${audience.id}` : '',
    takeOverUrl: may.manage && isForsakenFor(audience, operator) ? `${at}/ownership` : '', deletionUrl: may.manage && mayDelete(audience, operator) ? `${at}/deletion` : '', exportUrl: may.download ? `${at}/exports` : '',
    pushUrl: may.push ? `/pushes/new?audience=${audience.id}` : '', reachUrl: may.reach ? `/pushes/new?audience=${audience.id}&reach=1` : '', pushesUrl: may.push || may.reach ? `/pushes?audience=${audience.id}` : ''
  }
}

/** The list of users with the members of an audience. */
export function membersAddress(id: number): string {
  return addressOf({ ...everyone, where: [{ audience: { how: 'any', ids: [id] } }] })
}

/** The rules in words, for who sees all that they speak of; to others it is only said that there are some. */
export function rulesFor(access: Access, audience: Audience): { rules: string[]; note: string } {
  const { rules, kind } = audience
  if (kind === 'picked') return { rules: ['Users who were chosen from the list.'], note: '' }
  if (kind === 'ids') return { rules: ['A list of IDs that was uploaded.'], note: '' }
  if (rules === null || ('and' in rules && rules.and.length === 0)) return { rules: ['Everybody.'], note: '' }
  if (problemOf(access, rules) !== undefined) return { rules: [], note: 'Its rules speak of something that you do not see.' }
  return { rules: ('and' in rules ? rules.and : [rules]).map((part) => describeText(access, part)), note: '' }
}

export function progressModel(audience: Audience, { access, operator, timeZone }: Pick<AudienceContext, 'access' | 'operator' | 'timeZone'>): ProgressModel {
  const state = stateOf(audience)
  const open = state === 'waiting' || state === 'building'
  const own = isOwn(audience, operator)
  const told = own || access.everyUser
  const percent = audience.job && audience.job.total > 0 ? Math.min(100, Math.floor((audience.job.done / audience.job.total) * 100)) : 0
  const size = sizeFor(access, audience, own)
  return {
    state: stateLabel(audience), pollUrl: open ? `/audiences/${audience.id}/progress` : '', percent: `${percent}%`, value: percent,
    stage: !open ? '' : state === 'waiting' ? 'It waits until another job is done.' : (audience.job?.stage ?? 'starting'), jobUrl: open && own && audience.job ? `/settings/jobs/${audience.job.id}` : '', problem: told ? problemOfAudience(audience) : '',
    figures: [
      ...(size ? [{ label: 'members', value: size }] : []),
      ...(told && audience.came !== null ? [{ label: 'came with the last build', value: formatNumber(audience.came) }, { label: 'left with it', value: formatNumber(audience.went ?? 0) }] : []),
      ...(own && audience.ids ? [{ label: 'IDs found', value: formatNumber(audience.ids.found) }, { label: 'IDs not found', value: formatNumber(audience.ids.missing) }, { label: 'IDs found in several users', value: formatNumber(audience.ids.ambiguous) }] : []),
      ...(audience.builtAt ? [{ label: audience.builtBy === null ? 'built by schedule' : `built by ${audience.builtBy}`, value: formatTime(audience.builtAt, timeZone) }] : [])
    ]
  }
}

const progress: ProgressModel = { state: stateLabels.built, pollUrl: '', percent: '0%', value: 0, stage: '', jobUrl: '', problem: '', figures: [{ label: 'members', value: '1,204' }] }
const building: ProgressModel = { ...progress, state: { text: 'building 40%', tone: '' }, pollUrl: '/audiences/3/progress', percent: '40%', value: 40, stage: 'Find members', jobUrl: '/settings/jobs/9' }
const model: AudienceModel = {
  id: 3, name: 'Gold in Berlin', description: 'For the spring letter', facts: 'yours · private · Spring', progress, countUrl: '', membersUrl: '/users', distributionUrl: '/users/distribution', rules: ['City is Berlin', 'Level is Gold'], rulesNote: '', schedule: 'Built again: every day at 06:00.',
  editUrl: '/audiences/3/edit', buildUrl: '/audiences/3/builds', copyUrl: '/audiences/new?copy=3', takeOverUrl: '/audiences/3/ownership', deletionUrl: '/audiences/3/deletion', exportUrl: '/audiences/3/exports', pushUrl: '/pushes/new?audience=3', reachUrl: '/pushes/new?audience=3&reach=1', pushesUrl: '/pushes?audience=3'
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'audiences/_size': { text: 'You see 3 members.' },
  'audiences/audience': [model, { ...model, progress: building }, { ...model, description: '', countUrl: '/audiences/3/size', membersUrl: '', distributionUrl: '', rules: [], rulesNote: 'Its rules speak of something that you do not see.', editUrl: '', buildUrl: '', copyUrl: '', takeOverUrl: '', deletionUrl: '', exportUrl: '', pushUrl: '', reachUrl: '', pushesUrl: '' }],
  'audiences/_progress': [{ progress }, { progress: building }, { progress: { ...building, jobUrl: '' } }, { progress: { ...progress, state: stateLabels.paused, problem: 'The account of Lin Yating was switched off.', figures: [] } }]
}
