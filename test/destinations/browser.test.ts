import t from 'tap'
import { destinationKeys } from '../../src/destinations/seal.ts'
import { findsNothing, openConsole, staysInside } from '../browser/console.ts'
import { openMailServer } from './mail-server.ts'

t.test('destinations in a browser, with a script and without', { timeout: 200_000 }, async (t) => {
  const { world, open, signedIn, complaints } = await openConsole(t)
  const { port, mails } = await openMailServer(t)

  await t.test('with a script: tried, saved, and a mail to oneself', async (t) => {
    const page = await signedIn({ reducedMotion: 'reduce' })
    await page.goto('/settings/destinations')
    await page.click('text=New destination')
    await page.click('main >> text=E-mail')
    t.notOk(await page.isVisible('#host'), 'what a choice does not need is not shown')
    await page.check('#ownServer')
    await page.fill('#name', 'Newsletter')
    await page.fill('#from', 'Shop <news@shop.example>')
    await page.fill('#host', '127.0.0.1')
    await page.fill('#port', '1')
    await page.selectOption('#security', 'none')
    await page.click('text=Test the connection')
    await page.waitForSelector('#test-result .notice-bad')
    await page.fill('#port', String(port))
    await page.click('text=Test the connection')
    await page.waitForSelector('#test-result >> text=The mail server answers')
    t.equal(await page.inputValue('#name'), 'Newsletter', 'what was typed stays')
    await findsNothing(t, page, 'the form of a destination')
    await page.press('#host', 'Enter')
    await page.waitForURL(/\/settings\/destinations$/)
    t.match(await page.textContent('main table'), 'not tested', 'Enter saves and does not try')
    await page.click('main table >> text=Newsletter')
    await page.click('text=Send it to me')
    await page.waitForSelector('#flash >> text=A test mail was sent to admin@example.com')
    t.equal(mails.length, 1)
    await page.setViewportSize({ width: 390, height: 800 })
    for (const path of ['/settings/destinations', '/settings/destinations/new', '/settings/destinations/new?kind=kafka', '/settings/destinations/new?kind=webhook', '/settings/destinations/1', '/settings/destinations/1/deletion', '/settings/destinations/addresses']) {
      await page.goto(path)
      await staysInside(t, page, path)
      await findsNothing(t, page, path)
    }
    await page.context().close()
  })

  await t.test('without a script', async (t) => {
    const page = await signedIn({ javaScriptEnabled: false })
    await page.goto('/settings/destinations/1')
    await page.click('text=Test the connection')
    t.match(await page.textContent('#test-result'), 'The mail server answers')
    await page.goto('/settings/destinations')
    t.match(await page.textContent('main table'), 'works')
    await page.context().close()
  })

  await t.test('a person unsubscribes', async (t) => {
    const page = await open()
    await page.goto(`/unsubscribe/${(await destinationKeys(world.dataDir)).token('ann@example.com')}`)
    await findsNothing(t, page, 'the question')
    await page.click('button:has-text("Unsubscribe")')
    t.match(await page.textContent('main'), 'You are unsubscribed')
    await page.context().close()
  })
  t.same(complaints, [])
})
