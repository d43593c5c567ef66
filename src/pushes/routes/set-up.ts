import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../../access/permissions.ts'
import type { Destination } from '../../destinations/destination.ts'
import { listUsable } from '../../destinations/queries.ts'
import { sendTestMail } from '../../destinations/send-test-mail.ts'
import { DestinationDown } from '../../destinations/sender.ts'
import { allTexts, textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { NotAllowed, NotFound, type FieldMessages } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { idKeysOf } from '../../users/id-keys.ts'
import { findCalled } from '../../users/queries/called.ts'
import { checkPush, readPush, readWhom, type Checked, type PushInput } from '../forms.ts'
import { destinationsFor, offerFor } from '../offer.ts'
import { previewFor } from '../preview.ts'
import { countRecipients } from '../queries/recipients.ts'
import { setUpPush } from '../set-up-push.ts'
import { pushFormModel, reviewModel, type FormContext, type ReviewModel } from '../views/form.ts'

const config = { permission: 'audiences.push or audiences.reach' as const }
/** So long a page counts. */
const patience = 8000

/** Setting a push up: a form, what it would send in numbers, and the act. */
export function registerSetUp(app: FastifyInstance, services: Services): void {
  const { db, queue, timeZone, aesKey } = services

  app.get('/pushes/new', { config }, async (request, reply) => {
    const input = readPush({ ...(request.query as object), scope: 'whole' })
    return answer(reply, await contextFor(request, request.query, input, true), input)
  })

  app.post('/pushes/new', { config }, async (request, reply) => {
    const input = readPush(request.body)
    const context = await contextFor(request, request.body, input, false)
    const act = textOf(request.body, 'act')
    if (!['review', 'preview', 'test', 'start'].includes(act)) return answer(reply, { ...context, begins: true }, input, {}, null)
    const checked = checkPush(context.offer, input, { alone: context.whom.alone, timeZone })
    if (Object.keys(checked.messages).length) return answer(reply, context, input, checked.messages)
    const { destination } = context.offer
    if (!destination) throw new NotFound('There is no such destination.')
    const review = await reviewFor(request, context, checked, destination)
    if (act === 'test') await sendTest(request, review, destination)
    if (act !== 'start' || review.blocked) return answer(reply, context, input, {}, review)
    const { pushId, jobId } = await setUpPush(db, queue, { ...checked.content, audience: context.audience, person: context.whom.alone ? context.whom.person : null, destination }, checked.schedule, actorOf(request))
    if (jobId !== null) await queue.wake(jobId)
    return reply.goTo(`/pushes/${pushId}`)
  })

  /** Everything that the form depends on, as this operator may know of it. */
  async function contextFor(request: FastifyRequest, from: unknown, input: PushInput, begins: boolean): Promise<FormContext> {
    const { access } = request
    const operator = actorOf(request)
    const asked = readWhom(from)
    const whom = { ...asked, reach: asked.reach || !may(operator, 'audiences.push') }
    const needed = whom.reach ? 'audiences.reach' : 'audiences.push'
    if (!may(operator, needed)) throw new NotAllowed('Your roles do not include this.', needed)
    const audience = access.audience(whom.audienceId)
    if (!audience) throw new NotFound('There is no such audience.')
    const person = whom.person ? await findCalled(db, access, timeZone, whom.person) : undefined
    if (whom.person && !person) throw new NotFound('There is no such user.')
    const destinations = destinationsFor(await listUsable(db, operator), { reach: whom.reach, alone: whom.alone })
    const destination = destinations.find(({ id }) => id === input.destinationId) ?? null
    return {
      whom, called: person?.called ?? '', audience: { id: audience.id, name: audience.name }, offer: offerFor(access, destination, whom.reach), destinations, timeZone,
      typeNames: new Map(access.idTypes.map(({ code, name }) => [code, name])), begins, mayDestinations: may(operator, 'destinations')
    }
  }

  /** The text as it is previewed, to the operator; the review says what came of it. */
  async function sendTest(request: FastifyRequest, review: ReviewModel, destination: Destination): Promise<void> {
    if (destination.kind !== 'email' || !review.preview) return
    const { subject, text } = review.preview
    try {
      await sendTestMail(services, destination, { subject, text }, {}, actorOf(request))
      review.tested = `A test mail was sent to ${actorOf(request).email}.`
    } catch (error) {
      if (!(error instanceof DestinationDown)) throw error
      review.previewProblem = error.message
    }
  }

  async function reviewFor(request: FastifyRequest, context: FormContext, { content, schedule }: Checked, destination: Destination): Promise<ReviewModel> {
    const { access } = request
    const { whom, audience, offer } = context
    const reading = { timeZone, keys: idKeysOf(access, aesKey) }
    const push = { ...content, audience, person: whom.alone ? whom.person : null }
    const recipients = await countRecipients(db, access, reading, push, offer.idTypes.filter(({ type }) => content.idTypes.includes(type)), patience)
    const asked = textOf(request.body, 'preview') || whom.person
    const { preview, problem } = content.message ? await previewFor(db, access, reading, { ...push, message: content.message }, asked) : { preview: null, problem: '' }
    return reviewModel(context, { destination, content, schedule, recipients, preview, previewProblem: problem, email: actorOf(request).email })
  }

  async function answer(reply: FastifyReply, context: FormContext, input: PushInput, messages: FieldMessages = {}, review: ReviewModel | null = null) {
    const model = pushFormModel(input, context, messages, review)
    // What was typed stands in hidden fields while it is looked at.
    const hidden = review ? hiddenFields(input.body, model.hidden.map(({ name }) => name)) : []
    return reply.page('pushes/new', { ...model, hidden: [...model.hidden, ...hidden] }, { title: model.title, fragments: { 'push-form': review ? 'pushes/_review' : 'pushes/_form' }, status: Object.keys(messages).length ? 422 : 200 })
  }
}

function hiddenFields(body: unknown, except: readonly string[]): { name: string; value: string }[] {
  return Object.keys((body ?? {}) as object).filter((name) => !['_csrf', 'act', 'preview', ...except].includes(name)).flatMap((name) => allTexts(body, name).map((value) => ({ name, value })))
}
