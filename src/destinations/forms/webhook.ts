import { wholeNumber } from '../../form.ts'
import type { FieldMessages } from '../../problem.ts'
import type { WebhookSettings } from '../destination.ts'
import { refuseAddress } from '../senders/reachable.ts'
import { secretField, textIn, type Circumstances, type KindForm } from './kind-form.ts'

export const webhookForm: KindForm<WebhookSettings> = {
  blank: { url: '', batch: '100', messages: false },
  valuesOf: (settings) => ({ ...settings, batch: String(settings.batch) }),
  check(values, circumstances) {
    const messages: FieldMessages = {}
    const settings: WebhookSettings = { url: textIn(values, 'url'), batch: wholeNumber(textIn(values, 'batch'), 1, 1000) ?? 0, messages: values['messages'] === true }
    const problem = problemOfUrl(settings.url, circumstances)
    if (problem) messages['url'] = problem
    if (settings.batch === 0) messages['batch'] = 'Write a number from 1 to 1,000.'
    return { settings, messages }
  },
  placeOf: () => '',
  // A receiver learns nothing of the secret from a signature.
  needed: () => [{ name: 'secret', missing: 'Type a secret that the receiver knows too.', bound: false }],
  checkSecrets: (_settings, { secret }): FieldMessages => (secret !== undefined && (secret.length < 16 || secret.length > 200) ? { secret: 'It must have 16 to 200 characters.' } : {}),
  sections: (values, kept) => [
    { legend: 'Receiver', shown: '', fields: [
      { id: 'url', label: 'Address', value: textIn(values, 'url'), help: 'Begins with https://. No password in it: addresses are shown. Redirects are not followed.' },
      secretField('secret', 'Secret', kept, { help: '16 characters or more, made by chance. Requests are signed with it (HMAC-SHA256).' })
    ] },
    { legend: 'Requests', shown: '', fields: [
      { id: 'batch', label: 'Users in one request', control: 'number', value: textIn(values, 'batch'), help: '1 to 1,000. A request also has at most 1 MB.' },
      { id: 'messages', label: 'Text messages', control: 'switch', checked: values['messages'] === true, value: 'The receiver sends text messages (SMS)', help: 'Reach then offers it. It must understand requests of the type messages.' }
    ] }
  ]
}

function problemOfUrl(text: string, { privateRanges }: Circumstances): string {
  const url = URL.parse(text)
  if (!url || !['https:', 'http:'].includes(url.protocol) || !url.hostname) return 'This is not an address. It looks like https://hooks.example.com/users.'
  if (url.username || url.password) return 'Leave name and password out of the address: it is shown to whoever sets up destinations.'
  if (url.protocol === 'http:' && !privateRanges.length) return 'The address must begin with https://. Without TLS only private ranges are reached that the installation allows, and it allows none.'
  try {
    refuseAddress(url.hostname, { privateRanges, tls: url.protocol === 'https:' })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
