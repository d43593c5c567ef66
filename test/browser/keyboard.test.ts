import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { makeWorld } from '../users/world.ts'
import { upload } from '../sources/upload.ts'
import { openConsole } from './console.ts'

/** Presses Tab until the element has the focus; on the way every stop must show that it has it. */
async function tabTo(t: Test, page: Page, selector: string): Promise<void> {
  for (let count = 0; count < 80; count++) {
    await page.keyboard.press('Tab')
    const hidden = await page.evaluate('(() => { const at = document.activeElement; return at === document.body || at.closest(".visually-hidden") || getComputedStyle(at).outlineStyle !== "none" ? "" : at.outerHTML.slice(0, 200) })()')
    if (hidden) t.fail(`the focus cannot be seen on ${String(hidden)}`)
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
  }
  throw new Error(`Tab never comes to ${selector} on ${page.url()}`)
}

t.test('the main job with the keyboard alone', { timeout: 120_000 }, async (t) => {
  const { world, open, complaints } = await openConsole(t)
  await makeWorld(world)
  const file = await upload(world, 'web.csv', 'mail,likes\na@example.com,tea\nb@example.com,golf\n')
  const page = await open({ reducedMotion: 'reduce' })
  const press = (key: string) => page.keyboard.press(key)
  const go = async (selector: string) => { await tabTo(t, page, selector); await press('Enter') }

  await page.goto('/sign-in')
  await page.keyboard.type('admin@example.com')
  await tabTo(t, page, '#password')
  await page.keyboard.type('correct horse battery')
  await press('Enter')
  await page.waitForSelector('#user-rows')

  await press('Tab')
  t.equal(await page.textContent(':focus'), 'Skip to content')
  await press('Enter')
  await tabTo(t, page, '#query-id')
  await page.keyboard.type('13812345678')
  await press('Enter')
  await page.waitForURL(/id=13812345678/)
  await page.waitForSelector('#user-rows tr:only-child')
  await go('#user-rows .cell-name a')
  await page.waitForSelector('#tab-identity')
  await go('#tab-identity')
  await page.waitForSelector('.identity')
  await tabTo(t, page, '.identity .hint-anchor')
  t.ok(await page.isVisible(':focus + .hint-panel'), 'where an ID is from shows with the focus')
  await press('Escape')
  t.notOk(await page.isVisible(':focus + .hint-panel'), 'and goes with Escape')
  await go('[rel=next], .back-link')

  await page.goto('/users')
  await tabTo(t, page, '.picker summary')
  await press('Enter')
  await tabTo(t, page, '.picker input[value=Gold]')
  await press('Space')
  await press('Escape')
  t.ok(await page.evaluate('document.activeElement.matches("summary")'), 'Escape closes the picker and stays there')
  await tabTo(t, page, '#add-condition')
  await press('Enter')
  await page.waitForSelector('#condition-field:focus')
  await page.keyboard.type('City')
  await press('Tab')
  await page.waitForSelector('#condition-value:focus')
  await page.keyboard.type('杭州市')
  await press('Enter')
  await page.waitForSelector('.chip')
  t.match(await page.textContent('.chip'), 'City is 杭州市')
  t.match(decodeURIComponent(page.url()), 'level=Gold', 'the level that was ticked meanwhile is kept')
  await go('.chip button')
  await page.waitForSelector('.chip', { state: 'detached' })

  await go('#column-display')
  await page.waitForSelector('#dialog[open] h2')
  await tabTo(t, page, '#dialog [value="group Uncategorized"]')
  await press('Enter')
  await page.waitForSelector('#dialog label:has-text("Likes")')
  await tabTo(t, page, '#dialog input[type=checkbox]')
  await press('Space')
  await page.waitForSelector('#dialog [name=column]', { state: 'attached' })
  await tabTo(t, page, '#dialog [value=save]')
  await press('Enter')
  await page.waitForSelector('th:has-text("Likes")')

  await page.goto(file)
  await tabTo(t, page, '#key')
  await page.keyboard.type('mail')
  await page.waitForSelector('#column-0 small:has-text("source key")')
  t.ok(await page.evaluate('document.activeElement.id === "key"'), 'the focus stays where it was while the columns change')
  await tabTo(t, page, '#k1')
  await page.keyboard.type('Ign')
  await page.waitForSelector('#columns-summary:has-text("1 ignored")')
  t.ok(await page.evaluate('document.activeElement.id === "k1"'), 'the focus stays where it was while the preview changes')
  await tabTo(t, page, '#columns-form .button-primary')
  await press('Enter')
  await page.waitForURL(/\/imports\//)
  t.same(complaints, [])
})
