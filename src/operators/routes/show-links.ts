import type { FastifyRequest } from 'fastify'
import type { Services } from '../../services.ts'
import { getSetting } from '../../settings/queries.ts'
import type { Linked } from '../add-operators.ts'
import { mailInvitations } from '../mail-invitations.ts'
import { linksShown, type LinksShown } from '../views/added.ts'

/** Mails one-time links where that can be done, and shows them all the same: this once. */
export async function showLinks({ db, mailer, publicUrl }: Services, request: FastifyRequest, people: readonly Linked[]): Promise<LinksShown> {
  const posting = mailer && publicUrl ? { mailer, publicUrl, installation: await getSetting(db, 'installation', 'User 360') } : null
  const mails = posting && people.length ? await mailInvitations(posting, people) : null
  for (const failure of mails ?? []) if (failure) request.log.warn({ code: failure.code }, 'a mail was not sent')
  // Mails name the configured address alone: that of a request is said by who asks.
  return linksShown(people, publicUrl ?? `${request.protocol}://${request.host}`, mails)
}
