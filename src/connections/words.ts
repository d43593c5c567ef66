import { placeInWords, type Connection } from './connection.ts'

type Place = Pick<Connection, 'name' | 'host' | 'port' | 'database' | 'user'>

/** What another database's refusal or silence means, in a sentence. What it says itself is left out where it could hold values of people. */
export function problemInWords(error: unknown, place: Place): string {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return ofNetwork(code, message, place) ?? ofTls(code, message, place) ?? ofDatabase(code, message, place)
}

function ofNetwork(code: string, message: string, { host, port }: Place): string | undefined {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no host “${host}”.`
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return `Nothing answers at ${host}, port ${port}. Does the database run, and does it listen there?`
  if (['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code) || /timeout expired|timed? ?out/i.test(message) && code === '') return `${host}, port ${port}, did not answer in time. Can it be reached from here?`
  if (['ECONNRESET', 'EPIPE', '57P01', '57P02', '08006', '08003'].includes(code) || /connection (terminated|error|ended)|closed the connection/i.test(message)) return 'The connection to it was lost.'
  return undefined
}

function ofTls(code: string, message: string, { host }: Place): string | undefined {
  if (/does not support SSL/i.test(message)) return 'It does not speak TLS. Switch TLS off here, or on there.'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `Its certificate is not for ${host}.`
  if (code === 'CERT_HAS_EXPIRED') return 'Its certificate has expired.'
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/.test(code)) return 'Its certificate is signed by an authority that is not known here. Paste the certificate of that authority.'
  if (/^ERR_(SSL|TLS|OSSL)|^CERT_/.test(code)) return `TLS could not be begun (${code}). Is the pasted certificate whole?`
  return undefined
}

const plain: Record<string, string> = {
  '28P01': 'The user or the password is wrong.', '53300': 'It takes no further connections at the moment.', '57P03': 'It is starting up or going down.',
  '57014': 'It took too long and was ended.', '55P03': 'The table is locked by something else.', '42P01': 'The table is not there any more.', '42703': 'A column of the table is not there any more.'
}

function ofDatabase(code: string, message: string, place: Place): string {
  if (code === '3D000') return `There is no database “${place.database}”.`
  if (code === '28000') return /no encryption|SSL off/i.test(message) ? 'It asks for TLS. Switch TLS on.' : `It does not let “${place.user}” in from here. Its pg_hba.conf says who may.`
  // Names a table or schema, never a value.
  if (code === '42501') return `“${place.user}” lacks a right there: ${message}.`
  return plain[code] ?? `${placeInWords(place)} answered with an error (${code || 'unknown'}). Its log says more.`
}
