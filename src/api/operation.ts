import Type, { type TObject, type TSchema } from 'typebox'
import type { RoutePermission } from '../access/permissions.ts'
import { problemKinds } from '../http/problems.ts'
import { idempotency, problem } from './schemas.ts'

/** What an address of the API takes and answers: held to it, and shown by the document and the page. */
export interface Operation {
  /** Its name in the document. */
  id: string
  tag: 'Users' | 'Acts' | 'Sources' | 'Exports' | 'Audiences' | 'Jobs'
  summary: string
  description?: string
  permission: RoutePermission
  params?: TObject
  query?: TObject
  body?: TSchema
  /** Of a body that is no JSON. */
  consumes?: string
  /** It changes something, and takes an Idempotency-Key. */
  writes?: boolean
  answers: Record<number, TSchema | Download>
  /** Body of the example on the page. */
  example?: unknown
  /** Values of the example's address. */
  exampleParams?: Record<string, string>
}

/** An answer that is a file. */
export interface Download { file: string; description: string }

/** The options of a Fastify route. */
export function route(operation: Operation) {
  const { id, tag, summary, description, permission, params, query, body, consumes, writes, answers } = operation
  return {
    config: { permission, operation },
    schema: {
      operationId: id, tags: [tag], summary, ...(description ? { description } : {}), 'x-permission': permission,
      ...(params ? { params } : {}), ...(query ? { querystring: query } : {}), ...(body ? { body } : {}), ...(consumes ? { consumes: [consumes] } : {}), ...(writes ? { headers: idempotency } : {}),
      response: { ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])), ...problems() }
    }
  }
}

function answerOf(answer: TSchema | Download): object {
  if (!('file' in answer)) return { description: 'Done.', content: { 'application/json': { schema: answer } } }
  return { description: (answer as Download).description, content: { [(answer as Download).file]: { schema: { type: 'string', format: 'binary' } } } }
}

function problems(): Record<string, object> {
  return { default: { description: `What went wrong: ${problemKinds.map(({ status }) => status).join(', ')}.`, content: { 'application/problem+json': { schema: problem } } } }
}

export const noParams = Type.Object({}, { additionalProperties: false })
