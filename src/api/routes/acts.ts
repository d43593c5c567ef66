import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { findOpenField, labelOfTag, type Field } from '../../conditions/field.ts'
import { readSnapshot } from '../../db/snapshot.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, NotFound, type FieldMessages } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { tagUser, type ChosenTag } from '../../tags/tag-user.ts'
import { findOffered, modeOf, problemOfValue, type OfferedTag, type TagMode } from '../../tags/tagging.ts'
import { editFields, type Edit } from '../../users/edit-fields.ts'
import { findFieldStates } from '../../users/field-state.ts'
import { beginReading } from '../../users/queries/begin.ts'
import { findCalled } from '../../users/queries/called.ts'
import { listLimit } from '../../users/read-list.ts'
import { readGiven } from '../given-value.ts'
import { route } from '../operation.ts'
import { noUser } from '../read-user.ts'
import { exactly, fieldPattern, outcome, value, type Body } from '../schemas.ts'
import { ofUser } from './users.ts'
import type { Write } from './write.ts'

const tag = 'Acts' as const
export const tagRef = Type.String({ pattern: '^tag:[1-9][0-9]{0,8}$', description: 'A tag of text, or of several values.', examples: ['tag:12'] })
export const mode = Type.Optional(Type.Enum(['set', 'add', 'replace', 'remove'], { description: 'Of a tag of text: set. Of one of several values: add, replace all, or remove; add unless it is said.' }))

const editBody = exactly({ values: Type.Record(Type.String({ pattern: fieldPattern }), value, { additionalProperties: false, minProperties: 1, maxProperties: 200, description: 'By field. Fields that are left out stay as they are, as do values that are the same already.' }) })
const chosenTag = exactly({ field: tagRef, mode, values: Type.Array(Type.String(), { minItems: 1, maxItems: 200 }) })
const tagBody = exactly({ tags: Type.Array(chosenTag, { minItems: 1, maxItems: 200 }) })

/** Changing what is known of one user. */
export function registerActs(api: FastifyInstance, { db, timeZone }: Services, write: Write): void {
  api.patch<{ Params: Body<typeof ofUser>; Body: { values: Record<string, string | string[] | null> } }>('/users/:id', route({
    id: 'editUser', tag, permission: 'user_360.edit', summary: 'Edit attributes and tag values of a user', params: ofUser, body: editBody, writes: true, answers: { 200: outcome },
    exampleParams: { id: '41027733' }, example: { values: { 'attribute:city': 'Berlin', 'attribute:birthday': null } },
    description: 'Sets values by hand, all of them or none. They are kept, whatever later imports bring.'
  }), async (request, reply) => write(request, reply, async (keep) => {
    const { access, catalog } = request
    const given = readEdits(request, request.body.values)
    const found = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, access, listLimit)
      return findFieldStates(snapshot, access, timeZone, request.params.id, given.map(({ field }) => field))
    })
    if (!found) throw new NotFound(noUser)
    const edits = given.map((one, index): Edit => ({ ...one, was: null, version: found.states[index]!.version }))
    const { entryId, users } = await editFields(db, { access, catalog, timeZone }, found.userId, edits, actorOf(request), (writer, entry) => keep(writer.db, done(entry)))
    return entryId === null ? { status: 200, body: { entry: null, users, job: null } } : done(entryId)
  }))

  api.post<{ Params: Body<typeof ofUser>; Body: Body<typeof tagBody> }>('/users/:id/tags', route({
    id: 'tagUser', tag, permission: 'user_360.tag', summary: 'Tag a user', params: ofUser, body: tagBody, writes: true, answers: { 200: outcome },
    exampleParams: { id: '41027733' }, example: { tags: [{ field: 'tag:12', mode: 'add', values: ['hiking'] }] }, description: 'Tags are set and kept, also where they are the same already.'
  }), async (request, reply) => write(request, reply, async (keep) => {
    const { access, catalog } = request
    const tags = request.body.tags.map((one, index) => chosenIn(request, one, `tags/${index}`))
    const user = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, access, listLimit)
      return findCalled(snapshot, access, timeZone, request.params.id)
    })
    if (!user) throw new NotFound(noUser)
    const { entryId } = await tagUser(db, catalog, timeZone, user.id, tags, actorOf(request), (writer, entry) => keep(writer.db, done(entry)))
    return entryId === null ? { status: 200, body: { entry: null, users: 0, job: null } } : done(entryId)
  }))

  /** What is hidden, masked or no field at all is answered alike. */
  function readEdits({ access }: FastifyRequest, values: Record<string, string | string[] | null>): { field: Field; text: string; value: Edit['value'] }[] {
    const messages: FieldMessages = {}
    const edits = Object.entries(values).flatMap(([ref, given]) => {
      const field = findOpenField(access, ref)
      const read = field && field.type !== 'id' ? readGiven(field, given, new Date(), timeZone) : { message: 'This field does not exist here.' }
      if (field && 'value' in read) return [{ field, value: read.value, text: [given ?? ''].flat().join('\n') }]
      messages[`values/${ref}`] = 'message' in read ? read.message : ''
      return []
    })
    if (Object.keys(messages).length) throw new Invalid('Some values cannot be taken. Nothing was changed.', messages)
    return edits
  }
}

function done(entry: string): { status: number; body: Body<typeof outcome> } {
  return { status: 200, body: { entry, users: 1, job: null } }
}

/** A tag with the values that are chosen for it; `place` is where it stands in the body. */
export function chosenIn({ access }: FastifyRequest, { field, mode: asked, values }: { field: string; mode?: string; values: string[] }, place: string): ChosenTag {
  const at = (name: string) => (place ? `${place}/${name}` : name)
  const found = findOffered(access, Number(field.slice('tag:'.length)))
  if ('problem' in found) throw new Invalid(found.problem, { [at('field')]: found.problem })
  const how = modeIn(found, asked)
  if (!how) throw new Invalid('This tag is not changed that way.', { [at('mode')]: found.column.type === 'multi' ? 'A tag of several values takes add, replace and remove.' : 'A tag of text takes set.' })
  if (how === 'set' && values.length > 1) throw new Invalid(`${labelOfTag(found.column)} has one value.`, { [at('values')]: 'This tag has one value.' })
  const trimmed = values.map((one) => one.trim())
  const wrong = trimmed.map((one) => problemOfValue(found, one)).findIndex((problem) => problem !== undefined)
  if (wrong >= 0) throw new Invalid('A value cannot be taken.', { [`${at('values')}/${wrong}`]: problemOfValue(found, trimmed[wrong]!)! })
  return { tag: found, mode: how, values: [...new Set(trimmed)] }
}

function modeIn(tag: OfferedTag, asked: string | undefined): TagMode | undefined {
  const how = modeOf(tag, asked ?? '')
  return asked === undefined || how === asked ? how : undefined
}
