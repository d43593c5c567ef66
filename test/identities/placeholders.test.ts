import t from 'tap'
import { candidateKeys, md5Key, normalise, shaKey } from '../../src/identities/normalise.ts'
import { defaultPlaceholders, placeholderKeys } from '../../src/identities/placeholders.ts'

const keys = new Set(placeholderKeys(defaultPlaceholders))
const stands = (type: string, text: string) => keys.has(md5Key(normalise(type, text)))

t.test('words that stand for no value join nobody, whatever their case', async (t) => {
  for (const text of ['', ' ', '0', 'null', 'NULL', 'Null', '(null)', 'unknown', 'Unknown', 'N/A', 'none', '无', '未知', ' 暂无 ', '-']) t.ok(stands('MOBILE', text), JSON.stringify(text))
  t.ok(stands('EMAIL', 'nUlL'), 'e-mail addresses have no case')
})

t.test('all digits equal is no number of anybody, up to twenty of them and however written', async (t) => {
  for (const text of ['1', '00000000000', '11111111111', '+86 111-1111-1111', '9'.repeat(20)]) t.ok(stands('MOBILE', text), text)
  for (const text of ['9'.repeat(21), '13812345678', '11111111112', '1.1']) t.notOk(stands('MOBILE', text), text)
})

t.test('a placeholder is known by its hash too', async (t) => {
  for (const text of ['null', '00000000000']) {
    t.ok(keys.has(shaKey(text)))
    t.ok(candidateKeys('MOBILE', text).every((key) => keys.has(key)))
  }
  t.notOk(keys.has(shaKey('13812345678')))
})

t.test('the list of the setting replaces the usual one, but never equal digits', async (t) => {
  const own = new Set(placeholderKeys(['  Keine ', 'x']))
  for (const text of ['Keine', 'keine', 'KEINE', 'x', 'X', '000']) t.ok(own.has(md5Key(text)), text)
  for (const text of ['null', 'kEINE', 'xx']) t.notOk(own.has(md5Key(text)), text)
})
