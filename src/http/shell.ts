import type { FastifyReply, FastifyRequest } from 'fastify'
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
  nav: { label: string; href: string; current: boolean }[]
  settingsNav: { heading: string; items: { label: string; href: string; current: boolean }[] }[]
  job: { label: string; href: string; percent: number } | null
  notice: Notice | null
}

/** What the layout shows around every page; filled once, for whole pages only. */
export function shellOf(request: FastifyRequest, reply: FastifyReply, title: string, installation: string, job: Shell['job']): Shell {
  const path = request.url.split('?')[0] ?? '/'
  const at = (href: string) => path === href || path.startsWith(`${href}/`)
  const item = (label: string, href: string) => ({ label, href, current: at(href) })
  const theme = request.cookies['theme']
  const notice = (request.session.get('notice') as Notice | undefined) ?? null
  if (notice) request.session.set('notice', undefined)
  return {
    title, installation, notice, job,
    csrfToken: reply.generateCsrf(),
    theme: theme === 'light' || theme === 'dark' ? theme : '',
    operator: request.operator ? { name: request.operator.name, email: request.operator.email } : null,
    nav: request.operator ? [item('Users', '/users'), { label: 'Settings', href: '/settings', current: at('/settings') }] : [],
    settingsNav: path.startsWith('/settings')
      ? [{ heading: 'Data', items: [{ ...item('Sources', '/settings/sources'), current: at('/settings/sources') || at('/settings/imports') }, item('ID types', '/settings/id-types'), item('Refused joins', '/settings/refused-joins'), item('Attributes', '/settings/attributes'), item('Tags', '/settings/tags')] },
        { heading: 'Console', items: [item('History', '/settings/history')] }]
      : []
  }
}

/** Models for each view, to render it alone. */
export const samples: Samples = { 'shared/_said': { notice: { tone: 'good', text: 'City of 王芳 changed.', undo: '' } } }
