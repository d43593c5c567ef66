import { generateKeyPairSync, sign } from 'node:crypto'

/** DER: a tag, the length of what follows, and that. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const bytes = (...values: number[]) => Buffer.from(values)
const commonName = der(0x06, bytes(0x55, 0x04, 0x03))
const subjectAltName = der(0x06, bytes(0x55, 0x1d, 0x11))
const basicConstraints = der(0x06, bytes(0x55, 0x1d, 0x13))
const ecdsaWithSha256 = sequence(der(0x06, bytes(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)))

const time = (at: Date) => der(0x17, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`))
const pem = (name: string, content: Buffer) => `-----BEGIN ${name}-----\n${content.toString('base64').replaceAll(/.{64}/g, '$&\n').trim()}\n-----END ${name}-----\n`

/** A certificate that signs itself, for an IP address alone; what it is trusted by is itself. */
export function makeCertificate(address: string): { certificate: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from('test')))))
  const [from, until] = [-1, 1].map((days) => time(new Date(Date.now() + days * 86_400_000))) as [Buffer, Buffer]
  const extensions = sequence(
    sequence(subjectAltName, der(0x04, sequence(der(0x87, bytes(...address.split('.').map(Number)))))),
    sequence(basicConstraints, der(0x01, bytes(0xff)), der(0x04, sequence(der(0x01, bytes(0xff)))))
  )
  const content = sequence(der(0xa0, der(0x02, bytes(2))), der(0x02, bytes(1)), ecdsaWithSha256, name, sequence(from, until), name, publicKey.export({ type: 'spki', format: 'der' }), der(0xa3, extensions))
  return { certificate: pem('CERTIFICATE', sequence(content, ecdsaWithSha256, der(0x03, bytes(0), sign('sha256', content, privateKey)))), key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
}
