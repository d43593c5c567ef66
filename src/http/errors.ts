import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { permissionPath, type RoutePermission } from '../access/permissions.ts'
import { Conflict, Invalid, NotAllowed, NotFound, Outdated, SignedOut } from '../problem.ts'
import { partialTarget } from './page.ts'
import type { Samples } from './views.ts'

export interface ErrorModel {
  status: number; heading: string; text: string; requestId: string
  /** Where the missing permission stands in the tree of roles, or ''. */
  permission: string
  /** Who can give it. */
  givers: string
}

export interface ErrorSettings {
  /** Names of those who can give a permission, the first few. */
  mayGive(): Promise<string[]>
}

declare module './views.ts' {
  interface Views {
    'errors/page': ErrorModel
    'errors/_notice': ErrorModel
  }
}

interface Answer {
  status: number; heading: string; text: string; permission?: RoutePermission
  /** What is said instead where a part of a page asked, which can ask again with a new token. */
  again?: string
}

/** The one place that knows the status of a problem. */
function answerTo(error: Error & Partial<FastifyError>): Answer {
  if (error instanceof NotFound) return { status: 404, heading: 'Not found', text: error.message }
  if (error instanceof NotAllowed) return { status: 403, heading: 'Not allowed', text: error.message, permission: error.permission as RoutePermission | undefined }
  if (error instanceof SignedOut) return { status: 401, heading: 'Your session has ended', text: 'Nothing was saved. Sign in again in another tab, then save once more here: what you typed is still there.' }
  if (error instanceof Conflict) return { status: 409, heading: 'Something changed meanwhile', text: error.message }
  if (error instanceof Invalid) return { status: 422, heading: 'This cannot be taken', text: [error.message, ...Object.values(error.fields)].join(' ') }
  // canceling statement due to statement timeout
  if (error.code === '57014') return { status: 503, heading: 'This takes too long', text: 'The query was ended after 5 seconds. Add a condition that leaves fewer users, such as a member level, or remove one that contains only one or two letters.' }
  if (error.code?.startsWith('FST_CSRF')) return { status: 403, heading: 'This page is too old', text: 'Your session has changed since this page was opened. Go back, reload the page and try again; copy what you typed first.', again: 'Your session has changed since this page was opened, and nothing was saved. What you typed is still there: save once more.' }
  if (error.statusCode === 413) return { status: 413, heading: 'This is too much at once', text: 'A form can hold 4 MB; nothing was changed. For many users, tick “All that match” below the list instead of each of them.' }
  if (error.statusCode === 429) return { status: 429, heading: 'Too many requests', text: 'Wait a minute and try again.' }
  if (error.statusCode && error.statusCode < 500) return { status: error.statusCode, heading: 'This address cannot be read', text: 'Something in the address or the form has a form that is not known here. Start again from the page before.' }
  return { status: 500, heading: 'Something went wrong', text: 'Nothing was changed. Try again; if it happens again, give your administrator the number below.' }
}

export function registerErrors(app: FastifyInstance, settings: ErrorSettings): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    // A request that a publication overtook is asked again, with its body, and meets the new catalog.
    if (error instanceof Outdated) return reply.redirect(request.url, 307)
    const answer = answerTo(error)
    if (answer.status >= 500) request.log.error({ err: error }, 'request failed')
    else request.log.info({ problem: error.message, status: answer.status }, 'request refused')
    return answerWith(settings, request, reply, answer)
  })
  // A number such as 1e999 passes the schema of a number as Infinity.
  app.addHook('preHandler', async (request) => {
    if (Object.values(request.params ?? {}).includes(Infinity)) throw new NotFound('There is nothing with this number.')
    if (Object.values(request.query ?? {}).includes(Infinity)) throw new Invalid('This page of the list is not known. Start again from the first page.')
  })
  app.setNotFoundHandler({}, async (request, reply) => answerWith(settings, request, reply, { status: 404, heading: 'Not found', text: 'There is no page at this address.' }))
}

async function answerWith(settings: ErrorSettings, request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  const { status, heading, text, permission, again } = answer
  const givers = permission ? new Intl.ListFormat('en', { type: 'disjunction' }).format(await settings.mayGive()) : ''
  const model: ErrorModel = { status, heading, text, permission: permission ? permissionPath(permission) : '', givers, requestId: request.id }
  if (partialTarget(request) !== undefined) {
    // With a new token the page can do again what it was refused. Another site could not read it.
    if (again && request.operator) {
      reply.header('x-csrf-token', reply.generateCsrf())
      model.text = again
    }
    reply.header('HX-Retarget', '#flash').header('HX-Reswap', 'innerHTML')
    return reply.fragment('errors/_notice', model, answer.status)
  }
  return reply.page('errors/page', model, { title: answer.heading, status: answer.status })
}

const refused: ErrorModel = { status: 403, heading: 'Not allowed', text: 'You may not do this.', requestId: '1a2b3c4d', permission: 'Configuration > Imports', givers: 'Lin Yating or Zhao Min' }
const failed: ErrorModel = { ...refused, status: 500, heading: 'Something went wrong', permission: '', givers: '' }

/** Models for each view, to render it alone. */
export const samples: Samples = { 'errors/page': [refused, failed], 'errors/_notice': [refused, failed] }
