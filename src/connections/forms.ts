import { formFields, isOn, storable, textOf, wholeNumber, type FormField } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import type { Connection, ConnectionInput } from './connection.ts'

export interface TypedConnection { name: string; host: string; port: string; database: string; user: string; password: string; tls: boolean; ca: string }

export function typedConnection(body: unknown): TypedConnection {
  const password = (body as Record<string, unknown> | null)?.['password']
  return {
    name: textOf(body, 'name').replace(/\s+/g, ' '), host: textOf(body, 'host'), port: textOf(body, 'port'), database: textOf(body, 'database'), user: textOf(body, 'user'),
    // Blanks may belong to it.
    password: typeof password === 'string' ? storable(password) : '', tls: isOn(body, 'tls'), ca: textOf(body, 'ca')
  }
}

export function typedOf(kept: Connection | null): TypedConnection {
  return kept ? { ...kept, port: String(kept.port), password: '', ca: kept.ca ?? '' } : { name: '', host: '', port: '5432', database: '', user: '', password: '', tls: true, ca: '' }
}

/** What was typed as a connection, or what is wrong with it by field. */
export function readConnection(typed: TypedConnection): { input: ConnectionInput | null; messages: FieldMessages } {
  const messages: FieldMessages = {}
  const text = (field: 'name' | 'host' | 'database' | 'user', most: number, missing: string) => {
    if (typed[field] === '') messages[field] = missing
    else if (typed[field].length > most) messages[field] = `This can have at most ${most} characters.`
  }
  text('name', 80, 'Give it a name; sources are chosen by it.')
  text('host', 255, 'Type the name or address of its host.')
  text('database', 63, 'Type the name of the database.')
  text('user', 63, 'Type the user to read as.')
  if (!messages['host'] && !/^(\/[\w./-]+|[A-Za-z0-9._:-]+)$/.test(typed.host)) messages['host'] = 'Type a host alone, such as db.example.com or 10.0.0.5.'
  const port = wholeNumber(typed.port, 1, 65535)
  if (port === undefined) messages['port'] = 'A port is a number from 1 to 65535.'
  if (typed.password.length > 500) messages['password'] = 'This can have at most 500 characters.'
  const ca = typed.tls && typed.ca !== '' ? typed.ca : null
  if (ca !== null && (ca.length > 100_000 || !/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(ca))) messages['ca'] = 'Paste a certificate that begins with -----BEGIN CERTIFICATE-----.'
  if (Object.keys(messages).length || port === undefined) return { input: null, messages }
  return { input: { name: typed.name, host: typed.host, port, database: typed.database, user: typed.user, password: typed.password, tls: typed.tls, ca }, messages }
}

/** `password`: whether one is kept already, and whether one was typed that is not sent back. */
export function connectionFields(typed: TypedConnection, password: { kept: boolean; typed: boolean }, messages: FieldMessages = {}): FormField[] {
  return formFields([
    { id: 'name', label: 'Name', value: typed.name, help: 'As it is shown beside its sources.' },
    { id: 'host', label: 'Host', value: typed.host, help: 'Its name or address, such as db.example.com or 10.0.0.5.' },
    { id: 'port', label: 'Port', control: 'number', value: typed.port },
    { id: 'database', label: 'Database', value: typed.database },
    { id: 'user', label: 'User', value: typed.user, help: 'One that can only read is enough.' },
    { id: 'password', label: 'Password', control: 'password', help: password.typed ? 'Type it again: it is not sent back to this page.' : password.kept ? 'Kept, and never shown. Leave this empty to go on with it.' : 'Kept encrypted, and never shown again.' },
    { id: 'tls', label: 'TLS', control: 'switch', value: 'Encrypt, and check its certificate', checked: typed.tls, help: 'Off only where the network between is yours alone.' },
    { id: 'ca', label: 'Certificate of its authority', control: 'textarea', value: typed.ca, help: 'In PEM form; empty where a well-known authority signed its certificate.' }
  ], messages)
}
