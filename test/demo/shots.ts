import { launchBrowser } from '../browser/chromium.ts'
const [,, address, password, ...rest] = process.argv as [string, string, string, string, ...string[]]
const browser = await launchBrowser()
const shot = async (name: string, path: string, options: object) => {
  const context = await browser.newContext({ baseURL: address, ...options })
  const page = await context.newPage()
  page.on('console', (m) => { if (m.type() === 'error') console.log(name, m.text()) })
  await page.goto('/sign-in')
  await page.fill('input[name=email]', 'demo@example.com'); await page.fill('input[name=password]', password)
  await Promise.all([page.waitForURL('**/users**'), page.click('main button[type=submit]')])
  const answer = await page.goto(path)
  await page.waitForTimeout(500)
  console.log(name, answer?.status(), page.url())
  await page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: true })
  await context.close()
}
const wide = { viewport: { width: 1440, height: 900 } }
const narrow = { viewport: { width: 390, height: 844 } }
const [what, path] = rest
if (what) await shot(what, path ?? '/users', what.includes('narrow') ? narrow : what.includes('dark') ? { ...wide, colorScheme: 'dark' } : wide)
else {
  await shot('list', '/users', wide)
  await shot('list-dark', '/users', { ...wide, colorScheme: 'dark' })
  await shot('list-narrow', '/users', narrow)
}
await browser.close()
