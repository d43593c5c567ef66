import type { LightMyRequestResponse } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Document } from '../../src/api/document.ts'
import type { TestApp } from '../helper.ts'

export async function readDocument({ app }: Pick<TestApp, 'app'>): Promise<Document> {
  return (await app.inject({ url: '/api/v1/openapi.json' })).json() as Document
}

/** What an answer says other than the document promises for its route; '' where it fits. */
export function misfitOf(document: Document, method: string, path: string, answer: LightMyRequestResponse): string {
  const found = Object.entries(document.paths).find(([template]) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?')[0]!) && method.toLowerCase() in document.paths[template]!)
  const operation = found?.[1][method.toLowerCase()]
  if (!operation) return `${method} ${path} is not in the document`
  const responses = operation.responses[String(answer.statusCode)] ?? (answer.statusCode >= 400 ? operation.responses['default'] : undefined)
  const type = String(answer.headers['content-type']).split(';')[0]!
  const content = responses?.content?.[type]
  if (!content) return `${method} ${path} answers ${answer.statusCode} ${type}, which the document does not know`
  if (content.schema.format === 'binary') return ''
  const schema = { ...content.schema, $defs: document.components.schemas }
  const check = Compile(JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')) as TSchema)
  const value: unknown = answer.json()
  return check.Check(value) ? '' : `${method} ${path}: ${JSON.stringify(check.Errors(value).slice(0, 3))}`
}
