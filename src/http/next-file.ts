import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Invalid, NotFound } from '../problem.ts'

/** The file that a form sends, with what it is called; throws Invalid where there is none, or the upload broke off. */
export async function nextFile(request: FastifyRequest, otherwise: string): Promise<{ stream: Readable; fileName: string }> {
  const parts = request.uploadParts
  if (!parts) throw new NotFound('A file is sent by the form of this page.')
  for (;;) {
    const { done, value } = await parts.next().catch((error: Error) => { throw new Invalid(`The upload broke off before the file began (${error.message}). Upload it again.`) })
    if (done) throw new Invalid('Choose a file first.')
    if (value.type === 'file' && value.filename) return { stream: value.file, fileName: cleanName(value.filename) || otherwise }
    if (value.type === 'file') value.file.resume()
  }
}

/** The last part of a path, without what cannot be shown. */
function cleanName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return (name.split(/[\\/]/).pop() ?? '').replace(/[\u0000-\u001f\u007f]/g, '').slice(0, 200).toWellFormed()
}
