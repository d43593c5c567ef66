import t from 'tap'
import { findsNothing, openConsole, staysInside } from '../browser/console.ts'
import { open, row, shows, value } from './editors.ts'
import { makeWorld } from './world.ts'

t.test('editing a value in place where something goes wrong', { timeout: 300_000 }, async (t) => {
  const { world, signedIn, complaints } = await openConsole(t)
  await makeWorld(world)
  const page = await signedIn()
  const decisions = async () => (await world.pool.query('select count(*)::int as n from overrides')).rows[0].n as number
  const begin = async (text: string, code = 'city') => {
    await page.goto('/users/2')
    await open(page, code)
    await page.fill(value(code), text)
  }

  t.test('a slow server: nothing is sent twice, and nothing typed meanwhile is lost', async (t) => {
    const before = await decisions()
    let sent = 0
    await page.route('**/fields/**', async (route) => {
      if (route.request().method() === 'PATCH') { sent++; await new Promise((resolve) => setTimeout(resolve, 800)) }
      await route.continue()
    })
    await begin('Trier')
    await page.keyboard.press('Enter')
    await page.keyboard.type('xyz')
    await page.keyboard.press('Enter')
    await page.click('h1')
    await shows(t, page, 'city', 'Trier', 'what was sent')
    t.equal(sent, 1)
    t.equal(await decisions(), before + 1)
    await page.unroute('**/fields/**')
  })

  t.test('a lost connection: what was typed stays, and it says so', async (t) => {
    await begin('Worms')
    await page.route('**/fields/**', (route) => route.abort('connectionfailed'))
    await page.click('h1')
    await page.waitForSelector('#flash .notice-bad')
    t.match(await page.textContent('#flash'), 'What you typed is not saved, but still here')
    t.equal(await page.inputValue(value('city')), 'Worms')
    await page.unroute('**/fields/**')
    await page.focus(value('city'))
    await page.keyboard.press('Enter')
    await shows(t, page, 'city', 'Worms', 'saved when it is back')
    t.ok(complaints.every((text) => /htmx:error|ERR_/.test(text)), 'the browser notes the failure')
    complaints.splice(0)
  })

  t.test('a session that ended meanwhile: sign in in another tab, save again', async (t) => {
    await begin('Gera')
    await world.pool.query('delete from sessions')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#flash .notice-bad')
    t.match(await page.textContent('#flash'), 'Your session has ended. Nothing was saved. Sign in again in another tab')
    t.equal(await page.inputValue(value('city')), 'Gera')
    const tab = await page.context().newPage()
    await tab.goto('/sign-in')
    await tab.fill('#email', 'admin@example.com')
    await tab.fill('#password', 'correct horse battery')
    await tab.click('main button[type=submit]')
    await tab.waitForURL(/\/users/)
    await tab.close()
    await page.focus(value('city'))
    await page.keyboard.press('Enter')
    await page.waitForSelector('.notice:has-text("save once more")')
    await page.waitForSelector('.inline-editor:not(.htmx-request)')
    await page.keyboard.press('Enter')
    await shows(t, page, 'city', 'Gera', 'saved')
  })

  t.same(complaints, [], 'the console stays silent')
})

t.test('long and several values, somebody else meanwhile, on a phone in the dark', { timeout: 120_000 }, async (t) => {
  const { world, signedIn, complaints } = await openConsole(t)
  await makeWorld(world)
  const page = await signedIn({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' })
  const other = await signedIn()
  await page.goto('/users/1')
  await page.click('[id^=field-tag-]:has-text("Likes") button')
  await page.fill('.inline-editor textarea[name=value]', 'tea\ngolf')
  await page.keyboard.press('Enter')
  await page.keyboard.type('milk')
  await findsNothing(t, page, 'several values')
  await staysInside(t, page, 'editor')
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('.inline-editor', { state: 'detached' })
  t.match(await page.textContent('.tag-row:has-text("Likes") .pill-list'), /tea.*golf.*milk/)

  await open(page, 'city')
  await other.goto('/users/1')
  await open(other, 'city')
  await other.fill(value('city'), 'Suzhou')
  await other.keyboard.press('Enter')
  await shows(t, other, 'city', 'Suzhou', 'the first one saves')
  await page.fill(value('city'), 'Nanjing')
  await page.click('h1')
  await page.waitForSelector('text=Keep mine')
  t.match(await page.textContent(row('city')), 'Lin Yating set this to “Suzhou”')
  await findsNothing(t, page, 'choice')
  await staysInside(t, page, 'choice')
  await page.click('text=Take theirs')
  await shows(t, page, 'city', 'Suzhou', 'theirs')
  await page.click(`${row('city')} summary`)
  await findsNothing(t, page, 'details')
  await staysInside(t, page, 'details')
  await page.click('text=Return to source')
  await page.waitForSelector(`${row('city')} .override`, { state: 'detached' })
  await shows(t, page, 'city', '杭州市', 'given back')
  await findsNothing(t, page, 'given back')
  t.same(complaints, [])
})
