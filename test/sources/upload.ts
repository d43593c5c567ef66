import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { TestApp } from '../helper.ts'

/** A multipart request as a browser sends it: the token first, then the file. `cut` leaves the end of the body away. */
export function uploadRequest(url: string, fileName: string, content: string | Buffer, cut = false): InjectOptions {
  const head = `--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n-\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: text/csv\r\n\r\n`
  const payload = Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(cut ? '' : '\r\n--x--\r\n')])
  return { method: 'POST', url, headers: { 'content-type': 'multipart/form-data; boundary=x' }, payload }
}

/** Uploads a file for a new source, or into a known one, and answers the address of the next page. */
export async function upload(app: TestApp, fileName: string, content: string | Buffer, sourceId?: number): Promise<string> {
  const response = await app.as(uploadRequest(sourceId === undefined ? '/settings/sources/uploads' : `/settings/sources/${sourceId}/uploads`, fileName, content))
  if (response.statusCode !== 303) throw new Error(`the upload answered ${response.statusCode}: ${messageOf(response)}`)
  return response.headers.location as string
}

/** The messages of a page: notices and errors of fields. */
export function messageOf(response: LightMyRequestResponse): string {
  return [...response.body.matchAll(/<div class="notice[^>]*>.*?<p>(.*?)<\/p>|<p class="field-error"[^>]*>.*?<\/span>(.*?)<\/p>|<p class="bad"[^>]*>(.*?)<\/p>/gs)]
    .map((match) => (match[1] ?? match[2] ?? match[3] ?? '').replace(/<[^>]+>/g, '').replaceAll('&quot;', '"').replaceAll('&#39;', "'").trim()).join('\n')
}
