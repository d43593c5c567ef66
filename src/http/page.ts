import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { shellOf, type Notice, type Shell } from './shell.ts'
import type { ViewName, Views } from './views.ts'

export interface PageOptions<V extends ViewName> {
  /** Title of the document. */
  title: string
  /** Target id -> view that answers a partial request for it; takes the same model. */
  fragments?: Record<string, ViewName>
  status?: number
  /** Only for typing. */
  model?: Views[V]
}

declare module 'fastify' {
  interface FastifyReply {
    /** Answers the whole page, or the fragment that htmx asked for: decided here once, from HX-Request-Type and HX-Target. */
    page<V extends ViewName>(view: V, model: Views[V], options: PageOptions<V>): Promise<FastifyReply>
    /** Answers a fragment alone, whatever was asked (dialogs, polls). */
    fragment<V extends ViewName>(view: V, model: Views[V], status?: number): Promise<FastifyReply>
    /** 303 for plain forms, HX-Redirect for htmx. */
    goTo(url: string): FastifyReply
    /** A notice that the next whole page shows once; `undo` names the history entry that it offers to take back. */
    notice(text: string, tone?: Notice['tone'], undo?: string): FastifyReply
  }
}

/** Is this request htmx asking for a part of a page? Its target id then; else undefined. */
export function partialTarget(request: FastifyRequest): string | undefined {
  if (request.headers['hx-request-type'] !== 'partial') return undefined
  const target = String(request.headers['hx-target'] ?? '')
  return target.slice(target.indexOf('#') + 1)
}

export interface PageSettings {
  production: boolean
  /** What every whole page shows around itself. */
  readShell: (request: FastifyRequest) => Promise<{ installation: string; job: Shell['job']; alerts: Shell['alerts'] }>
}

export function registerPages(app: FastifyInstance, settings: PageSettings): void {
  async function render(reply: FastifyReply, view: string, data: object, status: number): Promise<FastifyReply> {
    const html = await reply.viewAsync(view, data)
    return reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').header('vary', 'HX-Request-Type, HX-Target').send(html)
  }

  app.decorateReply('page', async function (this: FastifyReply, view, model, options) {
    const target = partialTarget(this.request)
    if (target !== undefined) {
      const fragment = options.fragments?.[target]
      if (fragment) return render(this, fragment, { ...model, csrfToken: this.generateCsrf() }, options.status ?? 200)
      if (!settings.production) throw new Error(`No fragment of ${view} is named for the target "${target}"`)
      this.header('HX-Retarget', 'body')
    }
    const { installation, job, alerts } = await settings.readShell(this.request)
    const shell = shellOf(this.request, this, options.title, installation, job, alerts)
    return render(this, view, { ...model, shell, csrfToken: shell.csrfToken }, options.status ?? 200)
  })
  app.decorateReply('fragment', async function (this: FastifyReply, view, model, status = 200) {
    return render(this, view, { ...model, csrfToken: this.generateCsrf() }, status)
  })
  app.decorateReply('goTo', function (this: FastifyReply, url: string) {
    if (this.request.headers['hx-request']) return this.code(200).header('HX-Redirect', url).send('')
    return this.redirect(url, 303)
  })
  app.decorateReply('notice', function (this: FastifyReply, text: string, tone: Notice['tone'] = 'good', undo = '') {
    this.request.session.set('notice', { tone, text, undo })
    return this
  })
}
