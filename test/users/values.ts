import type { LightMyRequestResponse } from 'fastify'
import type { TestApp } from '../helper.ts'

/** A value of a user through its own address, as the inline editor asks. */
export function valueOf(world: TestApp, user: string, ref: string) {
  const url = `/users/${user}/fields/${ref}`
  const part = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': `div#field-${ref.replace(':', '-')}` }
  const hidden = (body: string, name: string) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(body)?.[1] ?? ''
  return {
    async shown() { return plain((await world.as({ url, headers: part })).body) },
    async open() {
      const answer = await world.as({ url: `${url}/edit`, headers: part })
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${url}`)
      return { body: answer.body, version: hidden(answer.body, 'version'), was: unescape(/name="was" hidden>\n([^<]*)</.exec(answer.body)?.[1] ?? '') }
    },
    save: (form: Record<string, string>) => world.as({ method: 'PATCH', url, headers: part, form }),
    /** Opens the editor, types, and leaves it. */
    async set(text: string): Promise<LightMyRequestResponse> {
      const { version, was } = await this.open()
      return this.save({ value: text, version, was })
    },
    giveBack: () => world.as({ method: 'POST', url: `/users/${user}/returns`, headers: part, form: { field: ref } })
  }
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

/** What an answer says, without its markup. */
export function plain(html: string): string {
  return html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim()
}
