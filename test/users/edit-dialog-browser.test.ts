import t from 'tap'
import { findsNothing, openConsole, staysInside } from '../browser/console.ts'
import { makeWorld } from './world.ts'

t.test('the edit dialog by keyboard', { timeout: 120_000 }, async (t) => {
  const { world, signedIn, complaints } = await openConsole(t)
  await makeWorld(world)
  const page = await signedIn()
  const focused = () => page.evaluate('document.activeElement.id')
  const open = async () => {
    await page.focus('#edit-user-2')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#dialog[open] #edit-name:focus')
  }
  const edits = async () => (await world.pool.query("select count(*)::int as n from history_entries where kind = 'edit'")).rows[0].n as number

  t.test('the focus goes in, Esc gives it back and changes nothing', async (t) => {
    await open()
    await findsNothing(t, page, 'edit dialog')
    await page.keyboard.type('x')
    await page.keyboard.press('Escape')
    await page.waitForSelector('#dialog:not([open])', { state: 'attached' })
    t.equal(await focused(), 'edit-user-2')
    t.equal(await edits(), 0)
  })

  t.test('a wrong value gets the focus; OK shows the new values in the row and gives the focus back', async (t) => {
    await open()
    await page.fill('#edit-name', 'Olivia B')
    await page.fill('#edit-age', '200')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#edit-age[aria-invalid]:focus')
    t.equal(await page.inputValue('#edit-name'), 'Olivia B')
    await findsNothing(t, page, 'with a message')
    await page.fill('#edit-age', '20')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#user-2:has-text("Olivia B") .hand-mark')
    t.equal(await focused(), 'edit-user-2')
    t.match(await page.textContent('#flash'), 'Olivia B was edited.')
    t.equal(await page.locator('#user-rows tr').count(), 5)
    await findsNothing(t, page, 'list with a mark')
  })

  t.test('a double click on OK saves once, also where the server is slow', async (t) => {
    const before = await edits()
    await open()
    await page.route('**/users/2/edit', async (route) => { await new Promise((resolve) => setTimeout(resolve, 500)); await route.continue() })
    await page.fill('#edit-city', 'Bonn')
    await page.dblclick('#dialog button:has-text("OK")')
    await page.waitForSelector('#dialog:not([open])', { state: 'attached' })
    await page.unroute('**/users/2/edit')
    t.equal(await edits(), before + 1)
  })

  t.test('what fails is said inside the dialog, and what was typed stays', async (t) => {
    await open()
    await page.fill('#edit-city', 'Ulm')
    await page.route('**/users/2/edit', (route) => route.abort('connectionfailed'))
    await page.click('#dialog button:has-text("OK")')
    await page.waitForSelector('#dialog > .notice:has-text("cannot be reached")')
    t.equal(await page.inputValue('#edit-city'), 'Ulm')
    await page.unroute('**/users/2/edit')
    t.ok(complaints.every((text) => /htmx:error|ERR_/.test(text)), 'the browser notes the failure')
    complaints.splice(0)
    await world.pool.query('delete from sessions')
    await page.click('#dialog button:has-text("OK")')
    await page.waitForSelector('#dialog > .notice:has-text("Your session has ended")')
    t.equal(await page.locator('#dialog > .notice').count(), 1)
    t.equal(await page.inputValue('#edit-city'), 'Ulm')
  })

  t.test('on a phone in the dark', async (t) => {
    const phone = await signedIn({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' })
    await phone.goto('/users/2/edit')
    await staysInside(t, phone, 'the page')
    await findsNothing(t, phone, 'page')
    await phone.goto('/users')
    await phone.click('#edit-user-2')
    await phone.waitForSelector('#dialog[open] #edit-name')
    await staysInside(t, phone, 'the dialog')
    await findsNothing(t, phone, 'dialog, dark')
  })

  t.same(complaints, [], 'the console stays silent')
})
