import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openConsole } from '../browser/console.ts'
import { isSound } from '../browser/every-page.ts'
import { columnIds, makeWorld } from '../users/world.ts'
import { makeAudience, makeDestination, outside, receiver, webhookAt } from './world.ts'

t.test('a push is set up, looked at, sent, and seen to arrive', { timeout: 200_000 }, async (t) => {
  const { world, signedIn, complaints } = await openConsole(t, { outside })
  await makeWorld(world)
  const columns = await columnIds(world)
  const operator = await world.db.selectFrom('operators').select(['id', 'name']).where('email', '=', 'admin@example.com').executeTakeFirstOrThrow()
  const { url, received } = await receiver(t, async ({ body }) => { await sleep(300); return { status: 200, body: JSON.stringify({ refused: body.users.filter(({ userId }) => userId === '4').map(({ userId }) => ({ userId, reason: 'unknown' })) }) } })
  const audience = await makeAudience(world, operator, { and: [] })
  await makeDestination(world, 'webhook', webhookAt(url, 1), 'Campaign system')
  const page = await signedIn({ reducedMotion: 'reduce' })
  const look = async (what: string) => {
    await isSound(t, page, what)
    const folder = process.env['SHOTS']
    if (!folder) return page.setViewportSize({ width: 1280, height: 800 })
    for (const [name, width, colorScheme] of [['wide', 1280, 'light'], ['narrow', 390, 'light'], ['dark', 1280, 'dark']] as const) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${folder}/${what.replaceAll(' ', '-')}-${name}.png`, fullPage: true })
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  }

  await page.goto(`/audiences/${audience.id}`)
  await page.click('text=Push')
  await page.waitForURL(/\/pushes\/new/)
  await page.selectOption('#destination', { label: 'Campaign system (Webhook)' })
  await page.waitForSelector('#id-MOBILE')
  await page.check('#id-MOBILE')
  await page.click('text=0 fields')
  await page.check('#field-attribute-city')
  await page.check(`#field-tag-${columns['1.likes']}`)
  await page.click('#take-fields')
  await page.waitForSelector('label:has-text("Likes is sent as")')
  await page.fill(`[id="name-tag:${columns['1.likes']}"]`, 'hobbies')
  await look('the form of a push')
  await page.click('#push-review')
  await page.waitForSelector('#push-start')
  await look('what will be sent')
  await page.click('#push-back')
  await page.waitForSelector('#push-review')
  t.equal(await page.inputValue(`[id="name-tag:${columns['1.likes']}"]`), 'hobbies', 'back to what was typed')
  await page.click('#push-review')
  await page.click('#push-start')
  await page.waitForURL(/\/pushes\/\d+$/)
  const worker = world.runJobs()
  await page.waitForSelector('.pill:has-text("sending")')
  await page.waitForSelector('.pill:has-text("done")', { timeout: 30_000 })
  await worker
  t.match(received[0]?.body.users[0], { userId: '1', fields: { City: '杭州市', hobbies: ['tea', 'hiking'] } })
  t.match(await page.textContent('#push-runs'), /users sent\s*3\s*refused\s*1/)
  await look('a push that is done')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Download')])
  t.match(download.suggestedFilename(), /failed\.csv$/)
  await page.goto('/pushes')
  await look('the list of pushes')
  await page.goto(`/pushes/new?audience=${audience.id}&user=2&reach=1&destination=1`)
  await page.fill('#text', 'Hello {{Name|you}}, spring is here.')
  await look('the form to reach somebody')
  await page.click('#push-review')
  await page.waitForSelector('text=Hello Olivia')
  await look('what will be written')
  t.same(complaints, [])
})
