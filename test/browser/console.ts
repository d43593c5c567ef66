import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'
import type { AppSettings } from '../../src/app.ts'
import { build, type TestApp } from '../helper.ts'
import { launchBrowser } from './chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResult { violations: { id: string; nodes: { html: string }[] }[] }

/** Anything axe has against the page as it is now. */
export async function findsNothing(t: Test, page: Page, what: string): Promise<void> {
  // Evaluated through the debugger, so that the page's own CSP stays as it is.
  if (await page.evaluate('typeof axe') === 'undefined') await page.evaluate(axe)
  const result = await page.evaluate('axe.run({ resultTypes: ["violations"] })') as AxeResult
  t.same(result.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html).slice(0, 3)]), [], `axe: ${what}`)
}

export async function staysInside(t: Test, page: Page, what: string): Promise<void> {
  t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${what} does not scroll sideways`)
}

export interface BrowserConsole {
  world: TestApp
  browser: Browser
  /** What the browser complained of on any page: errors of scripts, reports of the content security policy, missing files. */
  complaints: string[]
  open(options?: BrowserContextOptions): Promise<Page>
  /** A page of the signed-in administrator. */
  signedIn(options?: BrowserContextOptions): Promise<Page>
}

/** The console at an address of its own, with a browser before it. */
export async function openConsole(t: Test, settings: Partial<AppSettings> = {}): Promise<BrowserConsole> {
  const world = await build(t, settings)
  const address = await world.app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await launchBrowser()
  t.teardown(() => browser.close())
  const complaints: string[] = []
  const open = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: address, ...options })
    const page = await context.newPage()
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type()) && !isRefusal(message.text())) complaints.push(`${page.url()}: ${message.text()}`) })
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
    return page
  }
  const signedIn = async (options: BrowserContextOptions = {}) => {
    const page = await open(options)
    await page.goto('/sign-in')
    await page.fill('#email', 'admin@example.com')
    await page.fill('#password', 'correct horse battery')
    await page.click('main button[type=submit]')
    await page.waitForURL(/\/users/)
    return page
  }
  return { world, browser, complaints, open, signedIn }
}

// The browser notes every answer of 4xx, also those that a page is meant to give.
function isRefusal(text: string): boolean {
  return /^Failed to load resource: the server responded with a status of 4\d\d/.test(text)
}
