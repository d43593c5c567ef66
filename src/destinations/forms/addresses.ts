import { normalise } from '../../identities/normalise.ts'
import type { DestinationKeys } from '../seal.ts'
import { mailAddress } from './kind-form.ts'

const most = 10_000

/** Addresses with blanks, commas or semicolons between them, and the codes in subjects of mails that unsubscribe. */
export function readAddresses(text: string, keys: DestinationKeys): { digests: Buffer[]; problem: string } {
  const words = text.split(/[\s,;]+/).filter((word) => word && word.toLowerCase() !== 'unsubscribe')
  const digests: Buffer[] = []
  for (const word of words) {
    const digest = mailAddress.test(word) ? keys.digest(normalise('EMAIL', word)) : keys.digestOf(word)
    if (!digest) return { digests: [], problem: `“${word.slice(0, 80)}” is neither an address nor a code of this console. Nothing was changed.` }
    digests.push(digest)
  }
  if (!digests.length) return { digests, problem: 'Write at least one address.' }
  return digests.length > most ? { digests: [], problem: 'At most 10,000 at once. Nothing was changed.' } : { digests, problem: '' }
}
