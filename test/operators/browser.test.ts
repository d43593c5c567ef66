import t from 'tap'
import { openConsole } from '../browser/console.ts'
import { isSound } from '../browser/every-page.ts'
import { codeOf } from './people.ts'

t.test('from an invitation to a sign-in with two steps, without a script', async (t) => {
  const { open, signedIn, complaints } = await openConsole(t)
  const lin = await signedIn({ javaScriptEnabled: false })
  await lin.goto('/settings/operators')
  await lin.click('text=New operator')
  await lin.fill('#name', 'Zhao Min')
  await lin.fill('#email', 'zhao@example.com')
  await lin.click('text=Add the operator')
  const link = (await lin.textContent('.one-time-link code'))!

  const looking = await open({ reducedMotion: 'reduce' })
  await looking.goto(link)
  await isSound(t, looking, 'a one-time link')
  const zhao = await open({ javaScriptEnabled: false })
  await zhao.goto(link)
  for (const id of ['#next', '#again']) await zhao.fill(id, 'six green cups of tea')
  await zhao.click('main button[type=submit]')
  await zhao.waitForURL(/\/users/)
  await zhao.click('.account summary')
  await zhao.click('text=Two-step sign-in')
  t.ok(await zhao.locator('.code-picture').evaluate((picture) => (picture as unknown as { naturalWidth: number }).naturalWidth > 0), 'the policy lets the picture be shown')
  const key = (await zhao.textContent('.with-copy code'))!
  await zhao.fill('#code', codeOf(key))
  await zhao.click('text=Turn on')
  t.equal(await zhao.locator('.recovery-codes li').count(), 10)
  t.notOk(await zhao.isVisible('text=Copy all'), 'what needs a script is not offered')
  const recovery = (await zhao.textContent('.recovery-codes code'))!
  await zhao.click('text=I have kept them')
  await zhao.click('.account summary')
  await zhao.click('text=Sign out')
  await zhao.fill('#email', 'zhao@example.com')
  await zhao.fill('#password', 'six green cups of tea')
  await zhao.click('main button[type=submit]')
  await zhao.waitForURL(/\/sign-in\/code/)
  const other = await open({ reducedMotion: 'reduce' })
  await other.goto('/sign-in')
  await other.fill('#email', 'zhao@example.com')
  await other.fill('#password', 'six green cups of tea')
  await other.click('main button[type=submit]')
  await other.waitForURL(/\/sign-in\/code/)
  await isSound(t, other, 'the second step')
  await zhao.fill('#code', recovery)
  await zhao.click('main button[type=submit]')
  await zhao.waitForURL(/\/users/)
  t.match(await zhao.textContent('#flash'), /You signed in with a recovery code/)
  t.same(complaints, [])
})
