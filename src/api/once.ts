import type { Db } from '../db/database.ts'
import { Conflict, Invalid } from '../problem.ts'
import { findKeptAnswer, insertKeptAnswer } from '../tokens/queries/kept-answers.ts'

export interface Answer { status: number; body: object }
/** Keeps the answer; called in the transaction of the act, so that both are there or neither. */
export type Keep = (db: Db, answer: Answer) => Promise<void>
export interface Keyed { tokenId: number; key: string | undefined }

/** Does an act once for each key; see makeOnce. */
export type Once = (by: Keyed, digest: () => Promise<string>, act: (keep: Keep) => Promise<Answer>) => Promise<Answer & { again: boolean }>

/**
 * Acts that are done once for each key of a token. What is under way is known to this process, which is the only one that
 * serves; what was done is known by its answer, which the act writes in its own transaction. So a process that is killed
 * leaves an act with its answer, or neither. An act that was refused leaves no answer: it changed nothing.
 */
export function makeOnce(db: Db): Once {
  const underWay = new Map<string, string | null>()
  return async ({ tokenId, key }, digest, act) => {
    if (key === undefined) return { ...await actWith(db, async () => {}, act), again: false }
    const name = `${tokenId} ${key}`
    const other = underWay.get(name)
    if (other !== undefined) throw other === null || other === await digest() ? new Conflict('A request with this Idempotency-Key is under way. Send it again a little later.') : new Invalid(usedOtherwise)
    underWay.set(name, null)
    try {
      const own = await digest()
      underWay.set(name, own)
      const kept = await findKeptAnswer(db, tokenId, key)
      if (kept && kept.digest !== own) throw new Invalid(usedOtherwise)
      if (kept) return { status: kept.status, body: JSON.parse(kept.body) as object, again: true }
      return { ...await actWith(db, (within, { status, body }) => insertKeptAnswer(within, tokenId, key, { digest: own, status, body: JSON.stringify(body) }), act), again: false }
    } finally {
      underWay.delete(name)
    }
  }
}

const usedOtherwise = 'This Idempotency-Key was sent with another request. Take a new one for another act.'

/** The answer that was kept is the one that is given; an act that wrote nothing keeps its answer afterwards. */
async function actWith(db: Db, keep: Keep, act: (keep: Keep) => Promise<Answer>): Promise<Answer> {
  let kept: Answer | undefined
  const answer = await act(async (within, made) => {
    await keep(within, made)
    kept = made
  })
  if (!kept) await keep(db, answer)
  return kept ?? answer
}
