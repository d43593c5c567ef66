import t from 'tap'
import { openConsole } from '../browser/console.ts'
import { isSound } from '../browser/every-page.ts'

t.test('a token is made and withdrawn without a script, and the pages of tokens and of the API are sound', async (t) => {
  const { world, signedIn, complaints } = await openConsole(t)
  const plain = await signedIn({ javaScriptEnabled: false })
  await plain.click('.account summary')
  await plain.click('text=API tokens')
  await plain.fill('#name', 'Shop')
  await plain.selectOption('#days', '30')
  await plain.check('input[value="user_360.view"]')
  await plain.click('text=Make the token')
  const secret = (await plain.textContent('.token-secret code'))!
  t.equal((await world.app.inject({ url: '/api/v1/fields', headers: { authorization: `Bearer ${secret}` } })).statusCode, 200)
  await plain.click('text=Withdraw')
  t.match(await plain.textContent('#flash'), 'The token Shop is withdrawn')
  t.equal((await world.app.inject({ url: '/api/v1/fields', headers: { authorization: `Bearer ${secret}` } })).statusCode, 401)

  const page = await signedIn({ reducedMotion: 'reduce' })
  for (const path of ['/tokens', '/api']) {
    await page.goto(path)
    await isSound(t, page, path)
  }
  const reading = await signedIn({ reducedMotion: 'reduce' })
  await reading.goto('/api')
  await reading.click('nav a[href="#editUser"]')
  t.ok(await reading.locator('#editUser').evaluate((part) => { const { top } = (part as unknown as { getBoundingClientRect(): { top: number } }).getBoundingClientRect(); return top >= 0 && top < 200 }), 'a line of the aside leads to its address')
  t.same(complaints, [])
})
