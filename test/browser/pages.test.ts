import t from 'tap'
import { openConsole } from './console.ts'
import { areSound, fill, isSound, pagesOfData } from './every-page.ts'

t.test('pages of users, sources and runs are sound for everybody', { timeout: 280_000 }, async (t) => {
  const { world, open, signedIn, complaints } = await openConsole(t)
  await fill(world)
  await areSound(t, await open({ reducedMotion: 'reduce' }), { 'sign-in': '/sign-in' })
  const page = await signedIn({ reducedMotion: 'reduce' })
  await areSound(t, page, await pagesOfData(world))
  await page.goto('/users')
  await page.click('#column-display')
  await page.waitForSelector('#dialog[open] h2')
  await isSound(t, page, 'the dialog')
  t.same(complaints, [], 'no report of the content security policy, no error of a script')
})
