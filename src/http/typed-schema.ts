import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { storable } from '../form.ts'

/** Something in a request that does not fit its schema: where, and what about it. */
export interface Misfit { pointer?: string; parameter?: string; detail: string }

/** A request that does not fit the schemas of its route. */
export class Unfit extends Error {
  readonly errors: Misfit[]
  constructor(errors: Misfit[]) {
    super('The request does not fit what this address takes.')
    this.errors = errors
  }
}

/**
 * Routes below `app` are held to their TypeBox schemas as they are: nothing unknown is dropped in silence, and in a body
 * nothing is made into another type. Parts of the address are text, so a number there is read as one.
 */
export function registerTypedSchemas(app: FastifyInstance): void {
  acceptJsonAlone(app)
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    // What is not read into memory is looked at by who reads it.
    if ('x-stream' in schema) return (value: unknown) => ({ value })
    const check = Compile(httpPart === 'headers' ? lowered(schema) : schema)
    return (given: unknown) => {
      const unstorable = httpPart === 'body' ? undefined : unstorableIn(given)
      if (unstorable !== undefined) return { error: new Unfit([{ parameter: unstorable.slice(1), detail: noText }]) }
      const value = httpPart === 'body' || httpPart === 'headers' ? given : readAddress(schema, given)
      return check.Check(value) ? { value } : { error: new Unfit(misfitsOf(check.Errors(value) as SchemaError[], httpPart ?? 'body')) }
    }
  })
  // Answers are finished by the routes; that they fit their schemas is held by tests.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
}

/** Parts of an address as their schema has them; a number only where it is written as one is: 1.5 is not cut to 1, and true is none. */
function readAddress(schema: TSchema, given: unknown): unknown {
  const value = Value.Convert(schema, { ...(given as object) }) as Record<string, unknown>
  return Object.fromEntries(Object.entries(value).map(([name, one]) => { const text = (given as Record<string, unknown>)[name]; return [name, typeof one === 'number' && String(one) !== text ? text : one] }))
}

/** Names in the head are lower-case when they arrive; the document shows them as people write them. */
function lowered(schema: TSchema): TSchema {
  const { properties, ...rest } = schema as TSchema & { properties: Record<string, TSchema> }
  return { ...rest, properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name.toLowerCase(), inner])) }
}

interface SchemaError { keyword: string; instancePath: string; params: Record<string, unknown>; message: string }

function misfitsOf(errors: SchemaError[], part: string): Misfit[] {
  const several = new Set(errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf').map(({ instancePath }) => instancePath))
  const found = errors.flatMap(({ keyword, instancePath, params, message }): [string, string][] => {
    if (keyword === 'boolean') return []
    if (keyword === 'anyOf' || keyword === 'oneOf') return [[instancePath, 'has none of the forms that it can have']]
    // Why each form of several does not fit says less than that none does.
    if ([...several].some((path) => instancePath === path || instancePath.startsWith(`${path}/`))) return []
    if (keyword === 'required') return (params['requiredProperties'] as string[]).map((name) => [`${instancePath}/${name}`, 'is missing'])
    if (keyword === 'additionalProperties') return (params['additionalProperties'] as string[]).map((name) => [`${instancePath}/${name}`, 'is not known here'])
    if (keyword === 'enum') return [[instancePath, `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`]]
    return [[instancePath, message]]
  })
  const places = new Map(found.map(([path, detail]) => [`${path} ${detail}`, part === 'body' ? { pointer: `#${path}`, detail } : { parameter: path.slice(1), detail }]))
  return [...places.values()].slice(0, 50)
}

/** Programs send JSON; forms of pages are no way to ask here. */
function acceptJsonAlone(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    void parse(request, text, (error: Error | null, body?: unknown) => {
      const place = error ? undefined : unstorableIn(body)
      done(place === undefined ? error : new Unfit([{ pointer: `#${place}`, detail: noText }]), body)
    })
  })
}

const noText = 'holds a character that cannot be kept (NUL, or half of another)'

/** Where a text or a name stands that PostgreSQL does not hold; undefined where none does. A body can be deeper than calls can. */
function unstorableIn(whole: unknown): string | undefined {
  const open: { value: unknown; place: string }[] = [{ value: whole, place: '' }]
  for (let next; (next = open.pop());) {
    const { value, place } = next
    if (typeof value === 'string' && storable(value) !== value) return place
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value)) {
      if (storable(name) !== name) return place
      open.push({ value: inner, place: `${place}/${name}` })
    }
  }
  return undefined
}
