import type { FastifyRequest } from 'fastify'

/** A path of this console, or `otherwise` for anything that would lead away from it. */
export function safePath(to: string, otherwise = '/'): string {
  const url = to.startsWith('/') ? URL.parse(to, 'http://console.invalid') : null
  return url?.origin === 'http://console.invalid' ? `${url.pathname}${url.search}` : otherwise
}

/** The page that a form was sent from, where it is one of ours. */
export function pageBefore(request: FastifyRequest, otherwise = '/users'): string {
  const before = URL.parse(String(request.headers['hx-current-url'] ?? request.headers.referer ?? ''))
  return before && before.host === request.host ? safePath(`${before.pathname}${before.search}`, otherwise) : otherwise
}
