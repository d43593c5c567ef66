import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

type Test = { teardown(fn: () => unknown): unknown }
export interface Mail { to: string[]; from: string; head: Record<string, string>; text: string; at: number }

/** A real mail server. Refuses what its hooks refuse: an error with a responseCode, as the server writes it. */
export async function openMailServer(t: Test, options: SMTPServerOptions = {}): Promise<{ port: number; url: string; mails: Mail[] }> {
  const mails: Mail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'], authOptional: true, logger: false,
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '', at: Date.now(), ...read(text) })
        done()
      })
    },
    ...options
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => new Promise<void>((resolve) => { server.close(() => { resolve() }) }))
  const { port } = server.server.address() as AddressInfo
  return { port, url: `smtp://127.0.0.1:${port}`, mails }
}

/** Lines of the head by their lower-case names, encoded words read; the body as it was written. */
function read(raw: string): { head: Record<string, string>; text: string } {
  const [top = '', ...rest] = raw.split('\r\n\r\n')
  const head = Object.fromEntries(top.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n').map((line) => { const at = line.indexOf(':'); return [line.slice(0, at).toLowerCase(), wordsOf(line.slice(at + 1).trim())] }))
  const body = rest.join('\r\n\r\n')
  const encoding = head['content-transfer-encoding']
  const text = encoding === 'base64' ? Buffer.from(body, 'base64').toString() : encoding === 'quoted-printable' ? Buffer.from(body.replaceAll(/=\r\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString() : body
  return { head, text }
}

function wordsOf(text: string): string {
  return text.replaceAll(/=\?UTF-8\?B\?([^?]*)\?= ?/gi, (_all, base64: string) => Buffer.from(base64, 'base64').toString()).replaceAll(/=\?UTF-8\?Q\?([^?]*)\?= ?/gi, (_all, quoted: string) => Buffer.from(quoted.replaceAll('_', ' ').replaceAll(/=([0-9A-F]{2})/g, (_one, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString())
}

/** A refusal as a mail server says it. */
export function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code })
}
