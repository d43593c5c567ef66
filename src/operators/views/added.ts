import { formatCount } from '../../format.ts'
import type { MailFailure } from '../../mail/send-mails.ts'
import type { Linked } from '../add-operators.ts'
import { invitationHours, invitationLink } from '../invitation.ts'
import type { NewOperatorsModel } from './forms.ts'

/** A one-time link, as it is shown once. `mail` says whether it was mailed. */
export interface LinkShown { name: string; email: string; href: string; url: string; mail: { text: string; sent: boolean } | null }
export interface LinksShown { links: LinkShown[]; text: string }

export interface AddedModel {
  heading: string; shown: LinksShown
  existing: string[]
  /** What could not be read, to be corrected and sent again. */
  again: NewOperatorsModel | null
}

declare module '../../http/views.ts' {
  interface Views { 'operators/added': AddedModel; 'operators/_links': { shown: LinksShown } }
}

/** Links with what became of their mails; `null` where nothing is mailed here. */
export function linksShown(people: readonly Linked[], origin: string, mails: readonly (MailFailure | null)[] | null): LinksShown {
  return {
    links: people.map((person, at) => ({
      name: person.name, email: person.email, href: `/settings/operators/${person.id}`, url: invitationLink(origin, person.token),
      mail: mails ? { text: mails[at] ? `Not mailed: ${mails[at].text}.` : 'Mailed.', sent: !mails[at] } : null
    })),
    text: [people.length === 1 ? 'This link is shown only now. It works' : 'These links are shown only now. Each works', ` once, within ${invitationHours} hours.`, mails?.every((failure) => !failure) ? '' : ' Hand it over where nobody else reads it.'].join('')
  }
}

export function addedModel(shown: LinksShown, existing: string[], again: NewOperatorsModel | null): AddedModel {
  return { heading: shown.links.length ? `${formatCount(shown.links.length, 'operator')} added` : 'Nobody was added', shown, existing, again }
}
