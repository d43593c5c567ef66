import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { readSnapshot } from '../db/snapshot.ts'
import { renderMessage, type Message } from '../destinations/message.ts'
import type { UserDocument } from '../destinations/sender.ts'
import { beginReading } from '../users/queries/begin.ts'
import { findCalled } from '../users/queries/called.ts'
import type { Reading } from '../users/queries/list.ts'
import { shapeOf } from './document.ts'
import type { Push } from './push.ts'
import { listDocuments } from './queries/documents.ts'
import { findFirstMember } from './queries/recipients.ts'

export interface Preview { message: Message; called: string; fields: Record<string, unknown> }

/** The text as one user would read it: the one with this number, or the first of all. */
export async function previewFor(db: Db, access: Access, reading: Reading, push: Pick<Push, 'idTypes' | 'fields' | 'person' | 'audience'> & { message: Message }, number: string): Promise<{ preview: Preview | null; problem: string }> {
  const asked = number || await findFirstMember(db, access, reading, push)
  const user = asked === undefined ? undefined : await findCalled(db, access, reading.timeZone, asked)
  if (!user) return { preview: null, problem: number ? 'There is no user with this number.' : 'There is nobody in it.' }
  const shape = shapeOf(access, { ...push, id: 0, audienceId: null })
  const [document] = await readSnapshot(db, async (snapshot) => {
    await beginReading(snapshot, access, 5000)
    return listDocuments(snapshot, access, reading.timeZone, shape, 'member', [user.id])
  })
  if (!document) return { preview: null, problem: 'There is no user with this number.' }
  const { fields } = JSON.parse(`${document.before}${document.after}`) as UserDocument
  return { preview: { message: renderMessage(push.message, fields), called: user.called, fields }, problem: '' }
}
