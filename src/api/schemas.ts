import Type, { type Static, type TObject, type TSchema } from 'typebox'

/** A schema that the document lists by name, and points at wherever it is used. */
export function named<T extends TSchema>(name: string, schema: T): T {
  return { ...schema, 'x-component': name }
}

/** An object that takes and gives these fields and no others. */
export function exactly<T extends Record<string, TSchema>>(fields: T, options: { description?: string } = {}): TObject<T> {
  return Type.Object(fields, { additionalProperties: false, ...options }) as TObject<T>
}

const nullable = <T extends TSchema>(schema: T, description: string) => Type.Union([schema, Type.Null()], { description })
const time = (description: string) => Type.String({ format: 'date-time', description: `${description} UTC, as 2026-11-23T01:41:07.000000Z.` })

export const userId = Type.String({ pattern: '^[1-9][0-9]{0,17}$', description: 'A user ID, or an old one that led to this user.', examples: ['41027733'] })
export const fieldPattern = '^(attribute:[A-Za-z0-9_]{1,60}|tag:[1-9][0-9]{0,8})$'
export const fieldRef = Type.String({ pattern: fieldPattern, description: 'attribute:<code> or tag:<number>, as GET /fields lists them.', examples: ['attribute:city', 'tag:12'] })

export const value = named('Value', Type.Union([Type.String(), Type.Array(Type.String()), Type.Null()], {
  description: 'A value in its one form, always text: numbers with a decimal point and no zeros at the end (12480.5), dates as 2026-11-23, times in UTC as 2026-11-23T01:41:07.000000Z (given to the millisecond), choices as they are kept (female), texts as they are. Several values of a tag are an array. Null is empty. Of a masked field it is what may be seen of it, such as 138****5678.'
}))

export const problem = named('Problem', exactly({
  type: Type.String({ description: 'Which kind of problem; leads to its explanation on the page of the API.', examples: ['/api#problem-invalid'] }), title: Type.String(), status: Type.Integer(), detail: Type.String({ description: 'What was wrong, in one sentence.' }),
  instance: Type.String({ description: 'The number of the request, under which it stands in the log.' }),
  errors: Type.Optional(Type.Array(exactly({ pointer: Type.Optional(Type.String({ description: 'Where in the body: a JSON pointer.' })), parameter: Type.Optional(Type.String({ description: 'Which part of the address or the head.' })), detail: Type.String() })))
}, { description: 'RFC 9457.' }))

export const sourceName = named('SourceName', exactly({ id: Type.Integer(), name: Type.String() }))

export const setByHand = named('SetByHand', exactly({
  policy: Type.Enum(['keep', 'until_import'], { description: 'keep: for good. until_import: until an import brings a value.' }), at: time('When.'), by: nullable(Type.String(), 'Name of the operator.'), sourceChanged: Type.Boolean({ description: 'The source says something else since.' })
}))

export const profileValue = named('ProfileValue', exactly({
  field: fieldRef, name: Type.String(), type: Type.Enum(['text', 'number', 'date', 'time', 'choice', 'multi']), value, masked: Type.Boolean(), setByHand: Type.Union([setByHand, Type.Null()], { description: 'Null where the value is from a source.' })
}))

export const identity = named('Identity', exactly({
  type: Type.String({ description: 'Code of the ID type.', examples: ['MOBILE'] }), value: Type.String(), masked: Type.Boolean(), encryption: Type.Enum(['unencrypted', 'md5', 'sha256', 'aes']), source: sourceName, column: Type.String(), since: time('When it first came.')
}))

export const user = named('User', exactly({
  id: userId, createdAt: time('When its first row came.'), source: Type.Union([sourceName, Type.Null()], { description: 'The source of its first row; null where that is hidden.' }),
  attributes: Type.Array(profileValue), identities: Type.Array(identity),
  sources: Type.Array(exactly({ id: Type.Integer(), name: Type.String(), tags: Type.Array(profileValue) }), { description: 'Tags, by the source that they are from.' })
}))

export const listedUser = named('ListedUser', exactly({
  id: userId, createdAt: time('When its first row came.'), source: Type.Union([sourceName, Type.Null()]), values: Type.Array(exactly({ field: fieldRef, value, masked: Type.Boolean() }))
}))

export const field = named('Field', exactly({
  field: fieldRef, name: Type.String(), type: Type.Enum(['text', 'number', 'date', 'time', 'choice', 'multi']), masked: Type.Boolean({ description: 'A masked field can be in no condition and no sort, and cannot be set.' }),
  source: Type.Union([sourceName, Type.Null()], { description: 'Of a tag.' }), choices: Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'What an attribute of choices can be.' }), operators: Type.Array(Type.String(), { description: 'How conditions can ask it.' })
}))

/** Read piece by piece by the rules of conditions; the document says how it is written. */
export const condition = named('Condition', Type.Unsafe<object>({ type: 'object', description: 'Whom it is about: a tree of conditions.', examples: [{ and: [{ field: 'attribute:city', operator: 'is', values: ['Berlin'] }, { not: { field: 'tag:12', operator: 'empty', values: [] } }] }] }))

export const sort = Type.String({ pattern: '^-?(created|user_id|source|attribute:[A-Za-z0-9_]{1,60}|tag:[1-9][0-9]{0,8})$', description: 'created, user_id, source or a field that has one value; falling with a minus in front. Users without a value come last.', examples: ['-created'] })

export const job = named('Job', exactly({
  id: Type.Integer(), kind: Type.String({ examples: ['import'] }), title: Type.String(), status: Type.Enum(['waiting', 'running', 'done', 'failed', 'stopped', 'cancelled'], { description: 'stopped: it found that it could not do it, and says why. Unless it is done, it changed nothing.' }),
  stage: nullable(Type.String(), 'What it is at.'), done: Type.Integer(), total: Type.Integer({ description: '0 while it is not known.' }), cancelling: Type.Boolean(), error: nullable(Type.String(), 'Why it did not do it.'),
  createdAt: time('When it was ordered.'), startedAt: nullable(Type.String({ format: 'date-time' }), 'UTC.'), endedAt: nullable(Type.String({ format: 'date-time' }), 'UTC.'),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'What it did, when it is done.' }), entry: nullable(Type.String(), 'Its entry in the history, where it can be undone.'), export: nullable(Type.Integer(), 'The export that it makes.')
}))

/** What a write answers that was done at once or ordered. */
export const outcome = named('Outcome', exactly({
  entry: nullable(Type.String(), 'The entry of the history, which POST /history/{entry}/undo takes back. Null where nothing had to be changed, or where a job does it.'),
  users: Type.Integer({ description: 'How many it is about.' }), job: nullable(Type.Integer(), 'The job that does it, where it is not done yet.')
}))

export const idempotency = Type.Object({ 'Idempotency-Key': Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '^[!-~]+$', description: 'A name of your own for this act, such as a UUID. Sent again within 24 hours with the same body it is answered with what was answered at first, and not done twice.' })) })

export type Body<T extends TSchema> = Static<T>
