import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { launchBrowser } from '../browser/chromium.ts'
import { build } from '../helper.ts'
import { seed } from '../seed.ts'
import { makeWorld } from './world.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResult { violations: { id: string; nodes: { html: string }[] }[] }

async function findsNothing(t: Test, page: Page, what: string): Promise<void> {
  // Evaluated through the debugger, so that the page's own CSP stays as it is.
  await page.evaluate(axe)
  const result = await page.evaluate('axe.run({ resultTypes: ["violations"] })') as AxeResult
  t.same(result.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html).slice(0, 3)]), [], `axe: ${what}`)
}

async function signedIn(browser: Browser, address: string, options: Parameters<Browser['newContext']>[0], complaints: string[]): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: address, ...options })
  const page = await context.newPage()
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text()) })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto('/sign-in')
  await page.fill('input[name=email]', 'admin@example.com')
  await page.fill('input[name=password]', 'correct horse battery')
  await page.click('main button[type=submit]')
  await page.waitForURL(/\/users/)
  return { page, context }
}

t.test('the list and the profile in a browser', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  await seed(world, { alias: 'Many', key: { column: 'k' }, columns: [{ name: 'k', kind: 'ignore', type: 'text' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'colour', kind: 'tag', type: 'text', tagName: 'Colour' }] },
    ['k,name,colour', ...Array.from({ length: 60 }, (_, n) => `k${n},Person ${n},${n % 2 ? 'red' : 'blue'}`)].join('\n'))
  const address = await world.app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await launchBrowser()
  t.teardown(() => browser.close())
  const rows = (page: Page) => page.locator('#user-rows tr').count()
  const complaints: string[] = []

  t.test('query, page, sort, columns and profile, with the script', async (t) => {
    const { page, context } = await signedIn(browser, address, {}, complaints)
    t.match(await page.textContent('#user-count'), '65 users')
    await findsNothing(t, page, 'list')
    await page.click('#page-next')
    await page.waitForSelector('#page-previous')
    t.equal(await rows(page), 15)
    t.match(page.url(), 'after=')
    await page.goBack()
    await page.waitForSelector('#page-next')
    t.equal(await rows(page), 50, 'Back shows the page before')
    await page.click('#sort-attribute-name')
    await page.waitForSelector('[aria-sort=ascending]')

    await page.check('[data-tick-all]')
    t.equal(await page.textContent('[data-ticked-count]'), '50')
    t.match(await page.textContent('.batch-bar'), /All 65\s+that match/)

    await page.click('#add-condition')
    await page.fill('#condition-field', 'Colour')
    await page.dispatchEvent('#condition-field', 'change')
    await page.waitForSelector('#condition-values option[value=red]', { state: 'attached' })
    await findsNothing(t, page, 'condition editor')
    await page.fill('#condition-value', 're')
    await page.waitForSelector('#condition-values option[value=blue]', { state: 'detached' })
    await page.fill('#condition-value', 'RED')
    await page.click('.condition-editor button[name=add]')
    await page.waitForSelector('.chip')
    t.match(await page.textContent('.chip'), 'Colour is RED')
    t.equal(await rows(page), 30)
    await page.click('.chip button')
    await page.waitForURL((url) => !url.search.includes('where'))
    t.equal(await rows(page), 50)

    await page.click('#column-display')
    await page.waitForSelector('#dialog[open] h2')
    await findsNothing(t, page, 'Column Display')
    await page.click('#dialog button:has-text("Uncategorized")')
    await page.check('#dialog label:has-text("Colour") input')
    await page.waitForSelector('#dialog [name=column]', { state: 'attached' })
    await page.keyboard.press('Escape')
    await page.waitForSelector('#dialog:not([open])', { state: 'attached' })
    t.equal(await page.evaluate('document.activeElement.id'), 'column-display', 'focus returns to the opener')
    await page.click('#column-display')
    await page.waitForSelector('#dialog[open] h2')
    await page.fill('#column-search', 'colo')
    await page.press('#column-search', 'Enter')
    await page.check('#dialog label:has-text("Colour") input')
    await page.waitForSelector('#dialog [name=column]', { state: 'attached' })
    await page.click('#dialog button[value=save]')
    await page.waitForSelector('th:has-text("Colour")')

    await page.fill('#query-id', '13812345678')
    await page.press('#query-id', 'Enter')
    await page.waitForURL(/id=13812345678/)
    t.equal(await rows(page), 1)
    await page.click('.row-actions a')
    await page.waitForSelector('h1:has-text("Xiaomin")')
    await findsNothing(t, page, 'profile')
    await page.fill('#tag-search', 'concierge')
    await page.locator('.tag-row').nth(1).waitFor({ state: 'detached' })
    t.match(page.url(), 'tag=concierge')
    await page.click('#tab-identity')
    await page.waitForSelector('.identity')
    await page.focus('.identity .hint-anchor >> nth=0')
    t.ok(await page.isVisible('.identity .hint-panel >> nth=0'), 'focus shows where an ID is from')
    await findsNothing(t, page, 'identities')
    await page.keyboard.press('Escape')
    t.notOk(await page.isVisible('.identity .hint-panel >> nth=0'), 'Escape hides it')
    await page.click('text=Why these belong together')
    await page.waitForSelector('.chain')
    await findsNothing(t, page, 'rows')
    await page.goto('/users?id=nobody')
    await findsNothing(t, page, 'no result')
    await context.close()
  })

  t.test('on a phone, in the dark', async (t) => {
    const { page, context } = await signedIn(browser, address, { viewport: { width: 390, height: 800 }, colorScheme: 'dark', hasTouch: true }, complaints)
    const noSideways = async (what: string) => t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${what} does not scroll sideways`)
    await noSideways('list')
    await findsNothing(t, page, 'list, dark')
    for (const [path, what] of [['/users?add=condition&field=Likes', 'editor'], ['/users/columns', 'columns'], ['/users/1?in=', 'profile'], ['/users/1?tab=identity', 'identities'], ['/users/1/rows', 'rows']]) {
      await page.goto(path!)
      await noSideways(what!)
      await findsNothing(t, page, `${what}, dark`)
    }
    await context.close()
  })

  t.test('without a script', async (t) => {
    const { page, context } = await signedIn(browser, address, { javaScriptEnabled: false }, complaints)
    await page.click('#page-next')
    t.equal(await rows(page), 15)
    await page.click('#add-condition')
    await page.fill('#condition-field', 'Colour')
    await page.fill('#condition-value', 'red')
    await page.click('.condition-editor button[name=add]')
    t.equal(await rows(page), 30)
    await page.click('#column-display')
    await page.click('button:has-text("Attributes")')
    await page.check('label:has-text("Gender") input')
    await page.click('button[value=save]')
    t.ok(await page.isVisible('th:has-text("Gender")'))
    await page.click('.row-actions a >> nth=0')
    await page.click('#tab-identity')
    t.ok(await page.isVisible('text=No ID of this user is known.'))
    await page.click('[rel=next]')
    t.match(page.url(), 'tab=identity')
    await context.close()
  })

  t.same(complaints, [], 'the console stays silent')
})
