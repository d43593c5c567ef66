import { audienceWays, operators } from '../catalog/condition.ts'
import { mostLevels } from './read-condition.ts'

/** The part of an OpenAPI document that the page reads. */
export interface Document { openapi: string; info: { title: string; version: string; description: string }; paths: Record<string, Record<string, DocumentOperation>>; components: { schemas: Record<string, Schema> } }
export interface DocumentOperation {
  operationId: string; tags: string[]; summary: string; description?: string; 'x-permission': string; parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }; responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
}
export interface Schema {
  $ref?: string; type?: string; format?: string; description?: string; enum?: unknown[]; items?: Schema; properties?: Record<string, Schema>; required?: string[]; anyOf?: Schema[]; additionalProperties?: boolean | Schema
  minimum?: number; maximum?: number; maxItems?: number; examples?: unknown[]
}

const pointer = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** Conditions stand inside one another, which no schema of a route can say by itself. */
const conditionSchema = {
  description: `Whom it is about: a tree of at most ${mostLevels} levels. Which operators a field has says GET /fields; the field id is an ID of any type or a user ID, id:MOBILE one of that type.`,
  oneOf: [
    { type: 'object', required: ['and'], additionalProperties: false, properties: { and: { type: 'array', items: pointer('Condition') } } },
    { type: 'object', required: ['or'], additionalProperties: false, properties: { or: { type: 'array', items: pointer('Condition') } } },
    { type: 'object', required: ['not'], additionalProperties: false, properties: { not: pointer('Condition') } },
    { type: 'object', required: ['noTag'], additionalProperties: false, properties: { noTag: { enum: [true], description: 'Has no tag at all.' } } },
    { type: 'object', required: ['handSet'], additionalProperties: false, properties: { handSet: { type: 'object', required: ['moved', 'source'], additionalProperties: false, properties: { moved: { type: 'boolean', description: 'And its source has changed since.' }, source: { type: ['integer', 'null'] } } } } },
    { type: 'object', required: ['audience'], additionalProperties: false, properties: { audience: { type: 'object', required: ['how', 'ids'], additionalProperties: false, properties: { how: { enum: audienceWays, description: 'In any of them, in all, or in none.' }, ids: { type: 'array', items: { type: 'integer' } } } } } },
    {
      type: 'object', required: ['field', 'operator', 'values'], additionalProperties: false,
      properties: { field: { type: 'string' }, operator: { enum: operators.filter((operator) => operator !== 'none') }, values: { type: 'array', items: { type: 'string' }, description: 'Several are alternatives; of range where it begins and where it ends, either may be empty text.' } }
    }
  ]
}

/** The document as it is given out: every named schema stands once, below components. */
export function finishDocument(made: object): Document {
  const schemas: Record<string, unknown> = {}
  const lift = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(lift)
    if (typeof node !== 'object' || node === null) return node
    const { 'x-component': name, ...rest } = node as Record<string, unknown>
    const lifted = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, lift(inner)]))
    if (typeof name !== 'string') return lifted
    schemas[name] ??= lifted
    return pointer(name)
  }
  const document = lift(made) as Document
  if ('Condition' in schemas) schemas['Condition'] = conditionSchema
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) as Record<string, Schema> } }
}
