import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openConsole } from '../browser/console.ts'
import { isSound } from '../browser/every-page.ts'
import { makeWorld } from '../users/world.ts'
import { readCsv } from './world.ts'

t.test('users are exported with the keyboard alone', { timeout: 200_000 }, async (t) => {
  const { world, signedIn, complaints } = await openConsole(t)
  await makeWorld(world)
  const page = await signedIn({ reducedMotion: 'reduce' })
  let working = true
  const worker = (async () => { while (working) { await world.runJobs(); await sleep(50) } })()
  const focus = () => page.evaluate('document.activeElement.id')

  await page.focus('#export-user')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#dialog[open] #export-search:focus')
  await isSound(t, page, 'the dialog')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.keyboard.type('lik')
  await page.waitForSelector('#item-attribute-name', { state: 'detached' })
  t.equal(await focus(), 'export-search', 'the cursor stays while the items change')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  t.match(await focus(), /^switch-group-none$/)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.waitForSelector('#kind-group-none .count:has-text("4 of 5")')
  t.match(await focus(), /^item-tag-\d+$/, 'and on a switch')
  await page.focus('#export-search')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Delete')
  await page.waitForSelector('#switch-ids')
  await page.focus('#switch-ids')
  await page.keyboard.press('Space')
  await page.waitForSelector('#kind-ids .count:has-text("0 of 5")')
  t.equal(await page.isChecked('#item-user_id'), true)

  const [download] = await Promise.all([page.waitForEvent('download'), (async () => { await page.focus('#export-ok'); await page.keyboard.press('Enter') })()])
  t.match(download.suggestedFilename(), /^users-\d{12}-\d+\.zip$/)
  const file = readCsv(await readFile(await download.path()))
  t.ok(file.names.includes('Name') && !file.names.includes('Likes') && !file.names.some((name) => name.includes('(')))
  await page.waitForSelector('#dialog:not([open])', { state: 'attached' })
  t.equal(await focus(), 'export-user', 'the dialog is closed, and the list as it was')

  await page.goto('/settings/exports')
  t.match(await page.textContent('tbody'), /Everybody[\s\S]*done/)
  await isSound(t, page, 'the exports')
  await page.goto('/users/exports')
  await isSound(t, page, 'the dialog as a page')
  working = false
  await worker
  t.same(complaints, [])
})
