import type { Outside } from '../config.ts'
import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import type { DestinationKind, EmailSettings, KafkaSettings, Secrets, WebhookSettings } from './destination.ts'
import { lockDestination, setTested } from './queries.ts'
import type { Actor } from './save-destination.ts'
import { DestinationDown } from './sender.ts'
import type { SenderLog } from './senders/kafka-client.ts'
import { openMailServer, verdictOn } from './senders/mail-server.ts'
import { testKafka } from './senders/test-kafka.ts'
import { testWebhook } from './senders/webhook.ts'

export interface TestResult { passed: boolean; text: string }

const mostSeconds = 10

/** Connects and says in words what was found, within seconds; sends nothing about anybody. */
export async function testDestination(kind: DestinationKind, settings: object, secrets: Secrets, tools: { outside: Outside; log: SenderLog }): Promise<TestResult> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => { reject(new DestinationDown(`There was no answer within ${mostSeconds} seconds.`)) }, mostSeconds * 1000) })
  try {
    return { passed: true, text: await Promise.race([connect(kind, settings, secrets, tools), late]) }
  } catch (error) {
    if (!(error instanceof DestinationDown)) throw error
    return { passed: false, text: error.message }
  } finally {
    clearTimeout(timer)
  }
}

async function connect(kind: DestinationKind, settings: object, secrets: Secrets, { outside, log }: { outside: Outside; log: SenderLog }): Promise<string> {
  if (kind === 'kafka') return testKafka(settings as KafkaSettings, secrets, log)
  if (kind === 'webhook') return testWebhook(settings as WebhookSettings, secrets, { aesKey: null, privateRanges: outside.privateRanges })
  if (kind === 'email') return testMailServer(settings as EmailSettings, secrets, outside)
  return 'A matching file is written on this machine: there is nothing to connect to.'
}

async function testMailServer(settings: EmailSettings, secrets: Secrets, outside: Outside): Promise<string> {
  const { transport } = openMailServer(settings, secrets, outside)
  try {
    await transport.verify()
    return `The mail server answers${settings.username ? ' and takes the password' : ''}. No mail was sent.`
  } catch (error) {
    const verdict = verdictOn(error)
    throw verdict.is === 'down' ? verdict.down : new DestinationDown(verdict.reason)
  } finally {
    transport.close()
  }
}

/** Remembers what a test of a saved destination found. */
export async function recordTest(db: Db, id: number, result: TestResult, operator: Actor): Promise<void> {
  await shortChange(db, async (trx) => {
    const { name } = await lockDestination(trx, id)
    await setTested(trx, id, result.passed ? '' : result.text)
    await insertHistory(trx, { kind: 'settings', title: `Connection of the destination ${name} tested`, operator, items: [{ table: 'destinations', column: 'result', before: null, after: result.passed ? 'works' : result.text }] })
  })
}
