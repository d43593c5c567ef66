import fc from 'fast-check'
import t from 'tap'
import { keySeal } from '../../src/identities/key-seal.ts'

t.test('a match key in an address can be opened here alone, and is the same each time', async (t) => {
  const here = keySeal('the secret of this installation, long enough')
  const elsewhere = keySeal('the secret of another installation, as long')
  fc.assert(fc.property(fc.uuid(), fc.nat(31), (key, at) => {
    const sealed = here.seal(key)
    const bytes = Buffer.from(sealed, 'base64url')
    bytes[at]! ^= 1
    return here.open(sealed) === key && here.seal(key) === sealed && elsewhere.open(sealed) === undefined && here.open(bytes.toString('base64url')) === undefined && !sealed.includes(key.slice(0, 8))
  }))
  for (const text of ['', 'nonsense', '00000000-0000-0000-0000-000000000000', here.seal('00000000-0000-0000-0000-000000000000').slice(1)]) t.equal(here.open(text), undefined, text)
})
