import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Conflict, Invalid, NotAllowed, NotFound, NotKnown, Outdated, TooMany } from '../problem.ts'
import { Unfit, type Misfit } from './typed-schema.ts'

/** A kind of problem: the last part of its `type`, which leads to where the page of the API explains it. */
export interface ProblemKind { code: string; status: number; title: string; says: string }

/** Everything that the API answers instead of what was asked for. */
export const problemKinds = [
  { code: 'unreadable', status: 400, title: 'The request cannot be read', says: 'The body is no JSON, or the address is broken.' },
  { code: 'no-token', status: 401, title: 'No token that works', says: 'It is missing, not known, withdrawn or expired, or its operator is switched off.' },
  { code: 'not-allowed', status: 403, title: 'Not allowed', says: 'The token lacks a permission, or its operator does not hold it any more.' },
  { code: 'not-found', status: 404, title: 'Not found', says: 'It is not there, or not for this operator: both are answered alike.' },
  { code: 'conflict', status: 409, title: 'Something else came first', says: 'Somebody changed it meanwhile, or a request with the same Idempotency-Key is under way. Ask again.' },
  { code: 'too-large', status: 413, title: 'Too much at once', says: 'A JSON body can have 4 MB.' },
  { code: 'wrong-type', status: 415, title: 'Not this kind of body', says: 'Send application/json; a file as text/csv.' },
  { code: 'invalid', status: 422, title: 'This cannot be taken', says: 'A field is missing, unknown or wrong; errors says which and why. Nothing was changed.' },
  { code: 'too-many', status: 429, title: 'Too many requests', says: 'Wait as many seconds as Retry-After says.' },
  { code: 'failed', status: 500, title: 'Something went wrong', says: 'It is in the log of the console under the number in instance.' },
  { code: 'too-slow', status: 503, title: 'This takes too long', says: 'The query was ended after 5 seconds, or data is published all the time just now. Ask for less, or again.' }
] as const satisfies readonly ProblemKind[]

type Code = (typeof problemKinds)[number]['code']

/** RFC 9457. */
export interface Problem { type: string; title: string; status: number; detail: string; instance: string; errors?: Misfit[] }

interface Answer { code: Code; detail: string; errors?: Misfit[]; seconds?: number }

/** Whatever goes wrong below `app` is answered as problem+json, never as a page and never with a trace. */
export function registerProblems(app: FastifyInstance): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const answer = answerTo(error)
    const kind = problemKinds.find(({ code }) => code === answer.code)!
    if (kind.status >= 500 && kind.code === 'failed') request.log.error({ err: error }, 'request failed')
    else request.log.info({ problem: kind.code, status: kind.status }, 'request refused')
    if (answer.seconds) reply.header('retry-after', String(answer.seconds))
    if (kind.status === 401) reply.header('www-authenticate', 'Bearer')
    return send(request, reply, answer)
  })
  app.setNotFoundHandler(async (request, reply) => send(request, reply, { code: 'not-found', detail: 'The API has nothing at this address.' }))
}

/** Answers an address that is broken, which no route and no handler of errors ever sees. */
export function answerUnreadable(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(request, reply, { code: 'unreadable', detail: 'The address cannot be read.' })
}

function send(request: FastifyRequest, reply: FastifyReply, { code, detail, errors }: Answer): FastifyReply {
  const { status, title } = problemKinds.find((kind) => kind.code === code)!
  const problem: Problem = { type: `/api#problem-${code}`, title, status, detail, instance: request.id, ...(errors?.length ? { errors } : {}) }
  return reply.code(status).type('application/problem+json; charset=utf-8').header('cache-control', 'no-store').serializer((body: unknown) => JSON.stringify(body)).send(problem)
}

function answerTo(error: Error & Partial<FastifyError>): Answer {
  if (error instanceof NotKnown) return { code: 'no-token', detail: error.message }
  if (error instanceof NotAllowed) return { code: 'not-allowed', detail: error.message }
  if (error instanceof NotFound) return { code: 'not-found', detail: error.message }
  if (error instanceof Conflict) return { code: 'conflict', detail: error.message }
  if (error instanceof TooMany) return { code: 'too-many', detail: error.message, seconds: error.seconds }
  if (error instanceof Unfit) return { code: 'invalid', detail: error.message, errors: error.errors }
  if (error instanceof Invalid) return invalid(error)
  if (error instanceof Outdated) return { code: 'too-slow', detail: 'The data is being published anew. Ask again.', seconds: 1 }
  // canceling statement due to statement timeout
  if (error.code === '57014') return { code: 'too-slow', detail: 'The query was ended after 5 seconds. Add a condition that leaves fewer users, or leave one out that contains only one or two letters.', seconds: 10 }
  if (error.statusCode === 413) return { code: 'too-large', detail: 'The body is too large.' }
  if (error.statusCode === 415) return { code: 'wrong-type', detail: 'This address takes no body of this type.' }
  if (error.statusCode && error.statusCode < 500) return { code: 'unreadable', detail: 'The body is no JSON object, or the address cannot be read.' }
  return { code: 'failed', detail: 'Nothing was changed. If it happens again, give your administrator the number in instance.' }
}

/** Messages by the place in the body that they are about. */
function invalid({ message, fields }: Invalid): Answer {
  const errors = Object.entries(fields).map(([place, detail]) => ({ pointer: `#/${place}`, detail }))
  return { code: 'invalid', detail: message || errors[0]?.detail || 'This cannot be taken.', errors }
}
