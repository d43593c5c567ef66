import type { Outside } from '../config.ts'
import type { Db } from '../db/database.ts'
import { secretsOf, type Destination, type Secrets } from './destination.ts'
import { destinationKeys, type DestinationKeys } from './seal.ts'
import { DestinationDown, type SendContext, type Sender } from './sender.ts'
import { openEmail } from './senders/email.ts'
import { openKafka } from './senders/kafka.ts'
import type { SenderLog } from './senders/kafka-client.ts'
import { openWebhook } from './senders/webhook.ts'

/** What senders work with; a job's context has it all. */
export interface SendTools { db: Db; dataDir: string; aesKey: string | null; outside?: Outside; log: SenderLog }

const nothingOutside: Outside = { smtpUrl: undefined, mailFrom: undefined, publicUrl: undefined, privateRanges: [] }

/** Opens a destination for one run of a push; connects when the first batch is sent. Throws DestinationDown where its settings do not allow it. Not for Data Bank, which is a file. */
export async function openSender(tools: SendTools, destination: Destination, context: SendContext): Promise<Sender> {
  const { db, aesKey, log, outside = nothingOutside } = tools
  const keys = await destinationKeys(tools.dataDir)
  const secrets = openSecrets(keys, destination)
  switch (destination.kind) {
    case 'kafka': return openKafka(destination.settings, secrets, context, log)
    case 'webhook': return openWebhook(destination.settings, secrets, context, { aesKey, privateRanges: outside.privateRanges })
    case 'email': {
      const { message } = context
      if (!message) throw new Error('A push by e-mail has no message')
      return openEmail(destination, secrets, { ...context, message }, { db, keys, outside, aesKey })
    }
    case 'data_bank': throw new Error('A matching file is written, not sent')
  }
}

/** The secrets of a destination. Throws DestinationDown where the key of the data folder is another one. */
export function openSecrets(keys: DestinationKeys, { id, kind, secrets }: Pick<Destination, 'id' | 'kind' | 'secrets'>): Secrets {
  const opened: Secrets = {}
  for (const name of secretsOf[kind]) {
    const sealed = secrets[name]
    if (sealed === undefined) continue
    const secret = keys.open(sealed, id, name)
    if (secret === undefined) throw new DestinationDown('The secrets of this destination cannot be opened: the file destination-key of the data folder is another one. Type them again.', { lasting: true })
    opened[name] = secret
  }
  return opened
}
