import type { Access } from '../access/access.ts'
import { listFields, type Field } from '../conditions/field.ts'
import { formatCount, formatNumber } from '../format.ts'
import type { Samples } from '../http/views.ts'
import { describeQuery } from '../users/describe-query.ts'
import { addressOf, writeQuery, type UserQuery } from '../users/user-query.ts'
import type { Bar, Distribution } from './distribution.ts'

/** `width`: of a hundred, the longest bar is all of it. */
export interface BarModel { label: string; title: string; users: string; share: string; width: number; quiet: boolean }
export interface DistributionModel { back: string; inText: string; whom: string; fields: { ref: string; label: string; chosen: boolean }[]; heading: string; note: string; bars: BarModel[] }

declare module '../http/views.ts' {
  interface Views {
    'distribution/distribution': DistributionModel
    'distribution/_bars': DistributionModel
  }
}

/** Attributes and tags whose values this operator sees whole. */
export function openFields(access: Access): Field[] {
  return listFields(access).filter((field) => !field.masked)
}

export function distributionModel(access: Access, query: UserQuery, field: Field, { bars, users }: Distribution): DistributionModel {
  const most = Math.max(1, ...bars.map((bar) => bar.users))
  const conditions = describeQuery(access, writeQuery(query), true)
  return {
    back: addressOf(query), inText: writeQuery(query), whom: `${formatCount(users, 'user')}${conditions.length ? `: ${conditions.join('; ')}` : ' in all'}`,
    fields: openFields(access).map(({ ref, label }) => ({ ref, label, chosen: ref === field.ref })), heading: field.label,
    note: users === 0 ? 'There is nobody to count.' : field.type === 'multi' ? 'A user with several values counts for each of them.' : '',
    bars: bars.map((bar) => barModel(bar, most, users))
  }
}

function barModel({ label, users, kind }: Bar, most: number, all: number): BarModel {
  const share = all === 0 ? 0 : (users / all) * 100
  return { label: label.length > 60 ? `${label.slice(0, 60)}…` : label, title: label, users: formatNumber(users), share: `${share.toFixed(share < 10 ? 1 : 0)}%`, width: Math.round((users / most) * 1000) / 10, quiet: kind !== 'value' }
}

const model: DistributionModel = {
  back: '/users', inText: 'level=Gold', whom: '12 users: Member level is Gold', fields: [{ ref: 'attribute:city', label: 'City', chosen: true }, { ref: 'tag:7', label: 'Likes', chosen: false }], heading: 'City', note: 'A user with several values counts for each of them.',
  bars: [{ label: 'Berlin', title: 'Berlin', users: '9', share: '75%', width: 100, quiet: false }, { label: 'empty', title: 'empty', users: '3', share: '25%', width: 33.3, quiet: true }]
}

/** Models for each view, to render it alone. */
export const samples: Samples = { 'distribution/distribution': [model, { ...model, note: '', bars: [] }], 'distribution/_bars': [model, { ...model, note: '', bars: [] }] }
