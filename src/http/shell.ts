import type { FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../access/permissions.ts'
import { settingsFor } from './settings-pages.ts'
import type { Samples } from './views.ts'

/** What was done or went wrong, in one sentence. `undo`: the history entry that can be taken back from it, or ''. */
export interface Notice { tone: 'good' | 'warn' | 'bad'; text: string; undo: string }

declare module './views.ts' {
  interface Views { 'shared/_said': { notice: Notice } }
}

export interface Shell {
  title: string
  installation: string
  csrfToken: string
  theme: 'light' | 'dark' | ''
  operator: { name: string; email: string } | null
  /** The role through whose eyes the operator looks, or ''. */
  seeingAs: string
  nav: { label: string; href: string; current: boolean }[]
  /** Whether the operator may make tokens for programs. */
  tokens: boolean
  settingsNav: { heading: string; items: { label: string; href: string; current: boolean }[] }[]
  job: { label: string; href: string; percent: number } | null
  notice: Notice | null
  /** What went wrong while nobody looked, as far as the operator is told; `backUrl`: where dismissing one leads. */
  alerts: { id: number; message: string; href: string }[]
  backUrl: string
}

/** What the layout shows around every page; filled once, for whole pages only. */
export function shellOf(request: FastifyRequest, reply: FastifyReply, title: string, installation: string, job: Shell['job'], alerts: Shell['alerts']): Shell {
  const path = request.url.split('?')[0] ?? '/'
  const at = (href: string) => path === href || path.startsWith(`${href}/`)
  const settings = settingsFor(request.operator)
  const item = (label: string, href: string) => ({ label, href, current: at(href) })
  const theme = request.cookies['theme']
  const notice = (request.session.get('notice') as Notice | undefined) ?? null
  if (notice) request.session.set('notice', undefined)
  return {
    title, installation, notice, job, alerts, backUrl: request.method === 'GET' ? request.url : '',
    csrfToken: reply.generateCsrf(),
    theme: theme === 'light' || theme === 'dark' ? theme : '',
    operator: request.operator ? { name: request.operator.name, email: request.operator.email } : null,
    seeingAs: request.operator?.seeingAs?.name ?? '',
    nav: [...(request.operator && may(request.operator, 'user_360.view') ? [item('Users', '/users')] : []), ...(request.operator && may(request.operator, 'audiences.view') ? [item('Audiences', '/audiences')] : []), ...(settings.length ? [item('Settings', '/settings')] : [])],
    tokens: request.operator !== null && may(request.operator, 'tokens'),
    settingsNav: path.startsWith('/settings')
      ? settings.map(({ heading, items }) => ({ heading, items: items.map((page) => ({ label: page.label, href: page.href, current: [page.href, ...(page.also ?? [])].some(at) })) }))
      : []
  }
}

/** Models for each view, to render it alone. */
export const samples: Samples = { 'shared/_said': { notice: { tone: 'good', text: 'City of 王芳 changed.', undo: '' } } }
