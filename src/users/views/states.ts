import type { Access } from '../../access/access.ts'
import { formatCount } from '../../format.ts'
import type { Costliest } from '../find-costliest.ts'
import { addressOf, everyone, partsOf, type UserQuery } from '../user-query.ts'
import type { ActionModel, StateModel } from '../views.ts'

const reset: ActionModel = { label: 'Reset', href: '/users', primary: false }

/** Nothing was imported, or nothing that this operator sees. */
export function nothingModel(access: Access, mayImport: boolean, hint: string): StateModel {
  if (!access.everyUser) return { heading: 'No user to show', text: hint || 'The sources that your roles show are empty, or there are none. An administrator can give you more.', points: [], actions: [] }
  return {
    heading: 'Nothing imported yet', points: [],
    text: 'Users appear here as soon as a source is imported. Start with a CSV file: you see how its columns would be read before anything is stored.',
    actions: mayImport ? [{ label: 'Import a CSV file', href: '/settings/sources', primary: true }] : []
  }
}

/** Nobody matches: which condition costs most, and the way on. */
export function noneState(query: UserQuery, everyUser: boolean, costliest: (Costliest & { said: string }) | undefined): StateModel {
  const points = [
    ...(costliest ? [`Without “${costliest.said}” there would be ${formatCount(costliest.count, 'user')}.`] : []),
    ...(everyUser ? [] : ['Users in sources that your roles do not show are not found here.'])
  ]
  return {
    heading: partsOf(query).length > 1 ? 'No user matches all of these conditions' : 'No user matches', points,
    text: query.id && partsOf(query).length === 1 ? 'The box finds whole values: a user ID, an old one, or any ID such as a mobile or an e-mail. For a part of a name or a tag, add a condition.' : '',
    actions: costliest ? [{ label: 'Remove that condition', href: addressOf(costliest.without), primary: true }, reset] : [{ ...reset, primary: true }]
  }
}

/** Part of the address could not be taken; the rest of the query is kept. */
export function problemState(problems: string[], query: UserQuery): StateModel {
  const rest = addressOf({ ...query, place: null })
  return {
    heading: 'This list cannot be shown', text: [...new Set(problems)].join(' '), points: [],
    actions: [{ label: rest === addressOf(everyone) ? 'Show everyone' : 'Show the list with the rest of the query', href: rest, primary: true }, ...(rest === addressOf(everyone) ? [] : [reset])]
  }
}

export function slowState(query: UserQuery): StateModel {
  const created = addressOf({ ...query, place: null, sort: everyone.sort })
  const sorted = query.sort.by !== everyone.sort.by
  return {
    heading: 'This query takes too long', text: 'It was ended after 5 seconds, so that everybody else can go on working. Your conditions are kept.',
    points: [
      'Add a condition that leaves fewer users, such as a member level or a city.',
      '“Contains” with one or two letters is slow; “starts with” or more letters is quicker.',
      ...(sorted ? ['Sorting by created is quickest.'] : [])
    ],
    actions: [...(sorted ? [{ label: 'Sort by created', href: created, primary: true }] : []), { label: 'Try again', href: addressOf(query), primary: !sorted }, reset]
  }
}
