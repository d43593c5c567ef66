import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { TOTP, Secret } from 'otpauth'
import { cookieOf, tokenOf } from '../helper.ts'

export type Form = Record<string, string | string[]>

/** Somebody with a browser of their own: keeps the cookie, and sends the token of the page that was seen last. */
export interface Visitor {
  get(url: string): Promise<LightMyRequestResponse>
  post(url: string, form?: Form): Promise<LightMyRequestResponse>
  cookie(): string
}

export function visitor(app: FastifyInstance, address = '10.0.0.1'): Visitor {
  let cookie = ''
  let token = ''
  const keep = (answer: LightMyRequestResponse) => {
    cookie = cookieOf(answer) || cookie
    token = tokenOf(answer) || token
    return answer
  }
  return {
    cookie: () => cookie,
    get: async (url) => keep(await app.inject({ url, remoteAddress: address, headers: { cookie } })),
    async post(url, form = {}) {
      const fields = Object.entries({ _csrf: token, ...form }).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]))
      return keep(await app.inject({ method: 'POST', url, remoteAddress: address, headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams(fields).toString() }))
    }
  }
}

/** Signs in through the page. Answers what the sign-in answered. */
export async function signInBy(who: Visitor, email: string, password: string, to = ''): Promise<LightMyRequestResponse> {
  await who.get('/sign-in')
  return who.post('/sign-in', { email, password, to })
}

/** The paths of the one-time links that a page shows. */
export function linksIn(body: string): string[] {
  return [...body.matchAll(/<code>https?:\/\/[^/<]+(\/invitations\/[\w-]{43})<\/code>/g)].map((match) => match[1]!)
}

/** The code that an app with this key shows, `steps` later than now. */
export function codeOf(key: string, steps = 0, now = Date.now()): string {
  return new TOTP({ secret: Secret.fromBase32(key.replaceAll(' ', '')) }).generate({ timestamp: now + steps * 30_000 })
}

/** The key that the page of the set-up shows. */
export function keyIn(body: string): string {
  return /<code>((?:[A-Z2-7]{4} ?){8})<\/code>/.exec(body)?.[1]?.replaceAll(' ', '') ?? ''
}

export function recoveryCodesIn(body: string): string[] {
  return [...body.matchAll(/<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<\/code>/g)].map((match) => match[1]!)
}
