import { permissionPath, type RoutePermission } from '../access/permissions.ts'
import { problemKinds } from '../http/problems.ts'
import { fieldLines, typeText, type FieldLine, type TypeText } from './describe-schema.ts'
import type { Document, DocumentOperation, Schema } from './document.ts'

export interface Example { body?: unknown; params?: Record<string, string>; file?: boolean }

export interface OperationModel {
  id: string; method: string; path: string; summary: string; description: string; permission: string
  parameters: FieldLine[]
  body: { what: string; fields: FieldLine[] } | null
  answers: { status: string; says: string; type: TypeText; fields: FieldLine[] }[]
  curl: string
}

export interface ApiModel {
  base: string; first: string; mayMakeTokens: boolean; limit: string
  groups: { name: string; id: string; operations: OperationModel[] }[]
  problems: { id: string; status: number; title: string; says: string }[]
  schemas: { name: string; id: string; says: string; fields: FieldLine[]; forms: { text: string; fields: FieldLine[] }[] }[]
}

declare module '../http/views.ts' {
  interface Views { 'api/page': ApiModel }
}

export interface ApiPage { document: Document; examples: ReadonlyMap<string, Example>; origin: string; mayMakeTokens: boolean; limit: { requests: number; seconds: number } }

/** The page that shows the document: what it says and nothing besides. */
export function apiModel({ document, examples, origin, mayMakeTokens, limit }: ApiPage): ApiModel {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ tag: operation.tags[0] ?? '', model: operationModel(path, method.toUpperCase(), operation, examples.get(operation.operationId) ?? {}, origin) })))
  return {
    base: `${origin}/api/v1`, first: curlOf({ method: 'GET', url: `${origin}/api/v1/fields` }), mayMakeTokens, limit: `${limit.requests} requests in ${limit.seconds} seconds`,
    groups: [...Map.groupBy(operations, ({ tag }) => tag)].map(([name, own]) => ({ name, id: `group-${name.toLowerCase()}`, operations: own.map(({ model }) => model) })),
    problems: problemKinds.map(({ code, status, title, says }) => ({ id: `problem-${code}`, status, title, says })),
    schemas: Object.entries(document.components.schemas).map(([name, schema]) => ({ name, id: `schema-${name}`, says: schema.description ?? '', fields: fieldLines(schema), forms: formsOf(schema) }))
  }
}

function operationModel(path: string, method: string, operation: DocumentOperation, example: Example, origin: string): OperationModel {
  const [bodyType, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => example.params?.[name] ?? '1')
  const query = (operation.parameters ?? []).filter((one) => one.in === 'query' && example.params?.[one.name] !== undefined).map((one) => `${one.name}=${encodeURIComponent(example.params![one.name]!)}`).join('&')
  const writes = (operation.parameters ?? []).some((one) => one.in === 'header')
  return {
    id: operation.operationId, method, path, summary: operation.summary, description: operation.description ?? '', permission: permissionPath(operation['x-permission'] as RoutePermission).replace('signed_in', ''),
    parameters: (operation.parameters ?? []).map((one) => ({ name: one.name, type: typeText(one.schema), required: one.required ?? false, says: [one.description ?? '', one.in === 'header' ? 'In the head.' : ''].filter(Boolean).join(' ') })),
    body: body ? { what: bodyType === 'application/json' ? 'Body' : `Body, ${bodyType}`, fields: fieldLines(body.schema) } : null,
    answers: Object.entries(operation.responses).filter(([status]) => status !== 'default').map(([status, { description, content }]) => {
      const [type, answer] = Object.entries(content ?? {})[0] ?? []
      const schema: Schema = answer?.schema ?? {}
      return { status, says: type === 'application/json' ? '' : description, type: typeText(schema), fields: fieldLines(schema) }
    }),
    curl: curlOf({ method, url: `${origin}${at}${query ? `?${query}` : ''}`, body: example.body, file: bodyType === 'text/csv', writes })
  }
}

/** A command line that can be run once the token is in the environment. */
function curlOf({ method, url, body, file, writes }: { method: string; url: string; body?: unknown; file?: boolean; writes?: boolean }): string {
  return [
    `curl ${method === 'GET' || (method === 'POST' && (body !== undefined || file)) ? '' : `-X ${method} `}'${url}'`, `-H "Authorization: Bearer $TOKEN"`, ...(writes ? ['-H "Idempotency-Key: $(uuidgen)"'] : []),
    ...(file ? [`-H 'Content-Type: text/csv' --data-binary @members.csv`] : []), ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(body)}'`])
  ].join(' \\\n  ')
}

/** Of a schema that has several forms: each. */
function formsOf(schema: Schema & { oneOf?: Schema[] }): ApiModel['schemas'][number]['forms'] {
  return (schema.oneOf ?? []).map((form) => ({ text: Object.keys(form.properties ?? {}).join(', '), fields: fieldLines(form) }))
}
