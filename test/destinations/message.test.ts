import t from 'tap'
import { contactOf } from '../../src/destinations/contact.ts'
import { fieldsOfMessage, problemsOfMessage, renderMessage } from '../../src/destinations/message.ts'

t.test('fields are filled in, and what is missing has its words', async (t) => {
  const message = { subject: '{{name|Friend}}, hello', text: 'From {{ city | afar }}: {{likes|}}{{points|0}}. {{unsubscribe}}' }
  t.same(renderMessage(message, { name: '赵敏', city: '', likes: ['golf', 'tea'], points: 12, unsubscribe: 'https://x' }), { subject: '赵敏, hello', text: 'From afar: golf, tea12. https://x' })
  t.same(renderMessage(message, { name: null }).subject, 'Friend, hello')
  t.same(renderMessage({ subject: '{{toString|x}}', text: '{{__proto__|y}}' }, {}), { subject: 'x', text: 'y' }, 'what every object has is no field')
  t.same(renderMessage({ subject: 'A {{name|}}', text: '{{name|}}' }, { name: '{{city|}}\r\nBcc: b@example.com\u2028x' }), { subject: 'A {{city|}} Bcc: b@example.com x', text: '{{city|}}\r\nBcc: b@example.com\u2028x' }, 'a value is no template, and a subject one line')
  t.same(fieldsOfMessage(message), ['name', 'city', 'likes', 'points', 'unsubscribe'])
})

t.test('a message is refused where it could not be filled in', async (t) => {
  const of = (text: string, subject = 'Hello', fields = ['name', 'city']) => problemsOfMessage({ subject, text }, fields, { subject: true })
  t.same(of('Dear {{name|friend}}, {{unsubscribe}}'), {})
  t.match(of('{{nmae|friend}}'), { text: 'There is no field {{nmae}}. There are: {{name|}}, {{city|}}.' })
  t.match(of('{{name|x}}', 'Hi', []), { text: /Choose fields first/ })
  t.match(of('x', '{{name}}'), { subject: /Say what stands there where a user has no name/ })
  t.match(of('{{name|x'), { text: /brackets are missing/ })
  t.match(of(' ', ''), { subject: 'Write something here.', text: 'Write something here.' })
  t.match(of('x'.repeat(20_001)), { text: /at most 20000/ })
  t.same(problemsOfMessage({ subject: '', text: 'x' }, [], { subject: false }), {}, 'a text message has no subject')
})

t.test('an address is what could be one, and nothing that could be two', async (t) => {
  const of = (...values: string[]) => contactOf({ ids: values.map((value) => ({ type: 'EMAIL', value, encryption: 'unencrypted' })) }, 'EMAIL', null)
  t.same(of(' Ann@Example.com', 'ann@example.com', 'b@x.cn'), ['ann@example.com', 'b@x.cn'])
  t.same(of('a@b@c', 'a b@x.cn', 'a@x.cn,b@x.cn', 'a@x.cn\r\nBcc: b@x.cn', '"a"@x.cn', '<a@x.cn>', 'a@x.cn\u0000', 'group:a@x.cn;', ''), [])
  t.same(contactOf({ ids: [{ type: 'EMAIL', value: 'x', encryption: 'md5' }, { type: 'EMAIL', value: 'nonsense', encryption: 'aes' }] }, 'EMAIL', '0123456789ABCDEF'), [])
})
